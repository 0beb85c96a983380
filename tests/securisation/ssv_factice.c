/* A stand-in for the SSV and SGD libraries: the published function names, our own data, scripted refusals.
 *
 * Everything is in the folder named by the environment variable SSV_FACTICE:
 *   appels.txt          each call: thread, function, arguments (written here)
 *   <function>.codes    return codes in hexadecimal, one a call, then 0000; "dort N" sleeps N ms before answering 0000
 *   <function>.zone     what a SIS function gives (SSV zone format); groups stay readable after a refusal too
 *   session-<n>.zone    an open SGD session;  initialisee: between InitLIB and TermLIB;  boucle: groups never end
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

typedef unsigned short u16;
#define TAILLE_MAXIMALE (1 << 21)

static unsigned char zone[TAILLE_MAXIMALE];
static volatile int dedans;

static char *chemin(const char *nom, const char *suffixe)
{
    static char tampons[4][1024];
    static int rang;
    char *tampon = tampons[rang++ % 4];
    snprintf(tampon, 1024, "%s/%s%s", getenv("SSV_FACTICE"), nom, suffixe);
    return tampon;
}

static int existe(const char *nom) { return access(chemin(nom, ""), F_OK) == 0; }

static void noter(const char *fonction, const char *arguments)
{
    FILE *f = fopen(chemin("appels", ".txt"), "a");
    fprintf(f, "%ld %s %s%s\n", (long)syscall(SYS_gettid), fonction, arguments, dedans ? " CONCURRENCE" : "");
    fclose(f);
}

/* The n-th line of the script of this function, n being the number of times it was called. */
static u16 prevu(const char *fonction)
{
    char ligne[64];
    int n = 0, voulu, duree;
    FILE *f = fopen(chemin(fonction, ".compte"), "a+");
    fputc('.', f);
    fseek(f, 0, SEEK_END);
    voulu = (int)ftell(f);
    fclose(f);
    f = fopen(chemin(fonction, ".codes"), "r");
    if (!f) return 0;
    while (n < voulu && fgets(ligne, sizeof ligne, f)) n++;
    fclose(f);
    if (n < voulu) return 0;
    if (sscanf(ligne, "dort %d", &duree) == 1) { dedans++; usleep(duree * 1000); dedans--; return 0; }
    return (u16)strtol(ligne, NULL, 16);
}

static u16 appel(const char *fonction, const char *arguments)
{
    noter(fonction, arguments);
    return prevu(fonction);
}

static u16 initialiser(const char *fonction, const char *arguments)
{
    u16 code = appel(fonction, arguments);
    if (code) return code;
    if (existe("initialisee")) return 0xF670;
    fclose(fopen(chemin("initialisee", ""), "w"));
    return 0;
}

static char *session(u16 numero)
{
    char nom[32];
    snprintf(nom, sizeof nom, "session-%u", numero);
    return chemin(nom, ".zone");
}

static long charger(const char *nom)
{
    FILE *f = fopen(nom, "rb");
    long taille;
    if (!f) return -1;
    taille = (long)fread(zone, 1, sizeof zone, f);
    fclose(f);
    return taille;
}

static u16 lire(const char *fonction, const char *arguments, u16 numero)
{
    u16 code = appel(fonction, arguments);
    long taille;
    FILE *f;
    if (!existe("initialisee")) return 0xF600;
    taille = charger(chemin(fonction, ".zone"));
    if (taille < 0) return code ? code : 0xF807;
    f = fopen(session(numero), "wb");
    fwrite(zone, 1, taille, f);
    fclose(f);
    return code;
}

static size_t longueur(size_t *position)
{
    size_t valeur = zone[(*position)++], n = valeur & 0x7F;
    if (valeur < 0x80) return valeur;
    for (valeur = 0; n--;) valeur = valeur << 8 | zone[(*position)++];
    return valeur;
}

/* Start of the content of a group and its end; 0 when there is none. `suivant`: the group after this one. */
static size_t trouver(size_t taille, u16 id, u16 occ, int suivant, u16 *id_lu, u16 *occ_lue, size_t *fin)
{
    static u16 occurrences[65536];
    size_t position = 0;
    int vu = suivant && id == 0 && occ == 0;
    memset(occurrences, 0, sizeof occurrences);
    while (position < taille) {
        u16 lu = zone[position] << 8 | zone[position + 1], numero = ++occurrences[lu];
        position += 2;
        size_t n = longueur(&position);
        if (suivant ? vu : (lu == id && numero == occ)) {
            *id_lu = lu, *occ_lue = numero, *fin = position + n;
            return position;
        }
        vu = vu || (lu == id && numero == occ);
        position += n;
    }
    return 0;
}

u16 SSV_InitLIB(void) { return initialiser("SSV_InitLIB", ""); }
#ifndef SANS_INITLIB2
u16 SSV_InitLIB2(const char *sesam) { return initialiser("SSV_InitLIB2", sesam); }
#endif
u16 SSV_TermLIB(void)
{
    u16 code = appel("SSV_TermLIB", "");
    unlink(chemin("initialisee", ""));
    return code;
}

u16 SGD_ReserverSession(size_t taille, u16 *numero)
{
    static u16 dernier;
    char arguments[32];
    snprintf(arguments, sizeof arguments, "%zu", taille);
    u16 code = appel("SGD_ReserverSession", arguments);
    if (code) return code;
    *numero = ++dernier;
    fclose(fopen(session(*numero), "w"));
    return 0;
}

u16 SGD_LibererSession(u16 numero)
{
    u16 code = appel("SGD_LibererSession", "");
    return unlink(session(numero)) ? 0xF807 : code;
}

u16 SGD_LireGroupeSuivant(u16 numero, u16 id, u16 occ, u16 *id_suivant, u16 *occ_suivante)
{
    size_t fin;
    long taille = charger(session(numero));
    u16 code = prevu("SGD_LireGroupeSuivant");
    if (code) return code;
    if (taille <= 0) return 0xF807;
    if (existe("boucle")) id = occ = 0;
    return trouver(taille, id, occ, 1, id_suivant, occ_suivante, &fin) ? 0 : 0xF80B;
}

u16 SGD_LireChamp(u16 numero, u16 id, u16 occ, u16 champ, char *valeur, size_t *maximum)
{
    u16 id_lu, occ_lue, n = 0, code = prevu("SGD_LireChamp");
    size_t fin, debut = trouver(charger(session(numero)), id, occ, 0, &id_lu, &occ_lue, &fin);
    if (code) return code;
    if (!debut) return 0xF806;
    while (debut < fin) {
        size_t taille = longueur(&debut);
        if (++n == champ) {
            if (taille >= *maximum) return 0xF800;
            memcpy(valeur, zone + debut, taille);
            valeur[taille] = 0;
            *maximum = existe("ment") ? *maximum + 1 : taille;
            return 0;
        }
        debut += taille;
    }
    return 0xF805;
}

u16 SIS_LireConfig(u16 numero) { return lire("SIS_LireConfig", "", numero); }

u16 SIS_LireCartePS(const char *ps, const char *lecteur, const char *code, u16 numero)
{
    char arguments[256];
    snprintf(arguments, sizeof arguments, "%s %s %s", ps, lecteur, code);
    return lire("SIS_LireCartePS", arguments, numero);
}

u16 SIS_LireDroitsVitale(const char *ps, const char *lecteur, const char *code, const char *date, u16 numero)
{
    char arguments[256];
    snprintf(arguments, sizeof arguments, "%s %s %s %s", ps, lecteur, code, date);
    return lire("SIS_LireDroitsVitale", arguments, numero);
}

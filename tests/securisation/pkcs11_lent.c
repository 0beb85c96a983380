/* A PKCS#11 module whose C_Initialize takes as long as PKCS11_LENT says (milliseconds), then fails.
 * Only the start of the published CK_FUNCTION_LIST is there: the binding calls nothing else before. */
#include <stdlib.h>
#include <unistd.h>

typedef unsigned long CK_RV;

static CK_RV C_Initialize(void *arguments)
{
    (void)arguments;
    usleep(atoi(getenv("PKCS11_LENT")) * 1000);
    return 6; /* CKR_FUNCTION_FAILED */
}

static struct { unsigned char version[2]; void *fonctions[68]; } liste = {{2, 40}, {(void *)C_Initialize}};

CK_RV C_GetFunctionList(void **pointeur)
{
    *pointeur = &liste;
    return 0;
}

; Inno Setup 6: installs the folder made by PyInstaller for the current user, without administrator rights.
#define Nom "Sesam Desktop"
#define Version "0.1.0"

[Setup]
AppId={{6E0D6C0E-2B6B-4C3B-9B64-5E53414D4431}
AppName={#Nom}
AppVersion={#Version}
DefaultDirName={localappdata}\Programs\SesamDesktop
DefaultGroupName={#Nom}
PrivilegesRequired=lowest
OutputDir=dist
OutputBaseFilename=sesam-desktop-{#Version}-installation
Compression=lzma2
SolidCompression=yes
WizardStyle=modern
LicenseFile=LICENSE
UninstallDisplayIcon={app}\sesam-desktop.exe

[Languages]
Name: "francais"; MessagesFile: "compiler:Languages\French.isl"

[Files]
Source: "dist\sesam-desktop\*"; DestDir: "{app}"; Flags: recursesubdirs ignoreversion

[Icons]
Name: "{group}\{#Nom}"; Filename: "{app}\sesam-desktop.exe"
Name: "{group}\{#Nom} - démonstration"; Filename: "{app}\sesam-desktop.exe"; Parameters: "--demo"
Name: "{userdesktop}\{#Nom}"; Filename: "{app}\sesam-desktop.exe"; Tasks: bureau

[Tasks]
Name: bureau; Description: "Créer une icône sur le bureau"

[Run]
Filename: "{app}\sesam-desktop.exe"; Description: "Ouvrir {#Nom}"; Flags: nowait postinstall skipifsilent

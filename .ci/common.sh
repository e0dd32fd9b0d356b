# What the scripts in .ci/ share. Sourced from the project's root.

LOG="$(pwd)/.install.log" # everything the package managers print

say() { echo "· $*"; }

# fail SENTENCE: one sentence and a non-zero exit, never a trace.
fail() {
    echo "✗ $*" >&2
    exit 1
}

# apt_install PACKAGE…: as root on Debian. The lists are fetched first, or apt may know nothing; another
# apt at work is waited for.
apt_install() {
    {
        apt-get -o DPkg::Lock::Timeout=600 update &&
            DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 install -y "$@"
    } >>"$LOG" 2>&1
}

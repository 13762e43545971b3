# Sourced by lab/build and lab/run: where the lab lies, and how to become root.
# shellcheck shell=bash disable=SC2034

PATH=$PATH:/usr/sbin:/sbin # where debootstrap and chroot lie
lab_project=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
lab_root=${VRCLIENT_LAB_ROOT:-${XDG_CACHE_HOME:-$HOME/.cache}/vrclient/headset-lab}
lab_ready=$lab_root/.vrclient-packages # written last: the root is complete, and holds these packages

as_root=()
((EUID == 0)) || as_root=(sudo)

give_up() { # status 3: this machine cannot have the lab as it is; the message says what to do
    echo "headset lab: $*" >&2
    exit 3
}

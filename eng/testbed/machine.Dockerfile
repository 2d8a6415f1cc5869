# A Debian machine that boots systemd, without .NET: what the bundle for hosts is installed on. See machine-up.
FROM debian:12-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        ca-certificates curl dbus iproute2 libicu72 openssl procps redis-server systemd systemd-sysv \
    && rm -rf /var/lib/apt/lists/* \
    && systemctl disable redis-server.service \
    && systemctl mask systemd-sysctl.service systemd-modules-load.service systemd-binfmt.service systemd-remount-fs.service \
        proc-sys-fs-binfmt_misc.automount sys-kernel-config.mount sys-kernel-debug.mount sys-kernel-tracing.mount \
        dev-hugepages.mount getty.target console-getty.service apt-daily.timer apt-daily-upgrade.timer \
    && truncate --size 0 /etc/machine-id
ENV container=docker
STOPSIGNAL SIGRTMIN+3
# Services with a file system of their own (credentials, ProtectSystem) need mounts that propagate, as on a real machine.
ENTRYPOINT ["sh", "-c", "mount --make-rshared / && exec /sbin/init"]

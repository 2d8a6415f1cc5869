using Lucia.Publishing.Plan;

namespace Lucia.Publishing.Systemd;

/// <summary>
/// Every restriction that systemd 249 knows (systemd.exec(5), systemd.resource-control(5)) and the program survives.
/// </summary>
internal static class Hardening
{
    public static void Write(UnitText unit, DeploymentHost host, Workload workload)
    {
        var jit = DeploymentHost.IsJit(workload);
        WriteCommon(unit);
        // .NET and getaddrinfo list the network's interfaces over netlink; it also reads /proc/meminfo and /proc/cpuinfo.
        unit.Set("RestrictAddressFamilies", jit ? "AF_UNIX AF_INET AF_INET6 AF_NETLINK" : "AF_UNIX AF_INET AF_INET6");
        if (!jit)
            unit.Set("ProcSubset", "pid").Set("MemoryDenyWriteExecute", "yes");
        WriteCalls(unit, jit ? "~@privileged" : "~@privileged @resources");
        if (TalksToThisMachineOnly(host, workload))
            unit.Set("IPAddressDeny", "any").Set("IPAddressAllow", "localhost");
    }

    /// <summary>For systemd's own proxy, which needs hardly anything.</summary>
    public static void WriteForProxy(UnitText unit)
    {
        WriteCommon(unit);
        unit.Set("RestrictAddressFamilies", "AF_UNIX AF_INET AF_INET6").Set("ProcSubset", "pid").Set("MemoryDenyWriteExecute", "yes");
        WriteCalls(unit, "~@privileged @resources");
    }

    private static void WriteCommon(UnitText unit) => unit
        .Comment("Nothing of the system can be changed or learnt that the service does not need.")
        .Set("NoNewPrivileges", "yes")
        .Set("CapabilityBoundingSet", "")
        .Set("AmbientCapabilities", "")
        .Set("ProtectSystem", "strict")
        .Set("ProtectHome", "yes")
        .Set("ProtectProc", "invisible")
        .Set("ProtectClock", "yes")
        .Set("ProtectHostname", "yes")
        .Set("ProtectKernelLogs", "yes")
        .Set("ProtectKernelModules", "yes")
        .Set("ProtectKernelTunables", "yes")
        .Set("ProtectControlGroups", "yes")
        .Set("PrivateTmp", "yes")
        .Set("PrivateDevices", "yes")
        .Set("PrivateUsers", "yes")
        .Set("PrivateIPC", "yes")
        .Set("PrivateMounts", "yes")
        .Set("DevicePolicy", "closed")
        .Set("RemoveIPC", "yes")
        .Set("KeyringMode", "private")
        .Set("LockPersonality", "yes")
        .Set("RestrictNamespaces", "yes")
        .Set("RestrictRealtime", "yes")
        .Set("RestrictSUIDSGID", "yes")
        .Set("LimitCORE", "0")
        .Set("UMask", "0077");

    // The first list says what is allowed; one that begins with ~ takes away from it and must come later. A call that is not allowed
    // fails instead of killing the process, since .NET tries some (sched_setaffinity, set_mempolicy) that it can do without.
    private static void WriteCalls(UnitText unit, string without) => unit
        .Set("SystemCallArchitectures", "native")
        .Set("SystemCallFilter", "@system-service")
        .Set("SystemCallFilter", without)
        .Set("SystemCallErrorNumber", "EPERM");

    /// <summary>
    /// Whether it has no reason to talk to other machines: it calls nothing outside, nobody outside calls it, and what it calls runs here. The
    /// kernel's filter does not tell callers from called, so what listens for others cannot be kept from calling them.
    /// </summary>
    public static bool TalksToThisMachineOnly(DeploymentHost host, Workload workload) =>
        !host.Plan.ReachesOutside(workload) && workload.Endpoints.All(static e => !e.External)
        && host.Plan.References.All(r => r.From != workload.ResourceName || DeploymentHost.RunsOnHost(host.Plan.Workload(r.To)));
}

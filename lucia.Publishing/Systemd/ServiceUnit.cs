using Lucia.Publishing.Plan;
using Lucia.Publishing.Text;

namespace Lucia.Publishing.Systemd;

/// <summary>The unit of a program that runs on the host itself.</summary>
internal sealed class ServiceUnit(DeploymentHost host, Workload workload)
{
    private readonly ServiceEnvironment _environment = new(host, workload);
    private readonly HostCommand _command = new(host, workload);

    public string Name => host.Service(workload);

    public string Render()
    {
        var unit = new UnitText(host, workload.Description ?? $"The service {workload.Name}.").Section("Unit");
        unit.Set("Description", UnitText.OneLine((workload.Description ?? $"{host.Plan.Name}: {workload.Name}").TrimEnd('.')));
        if (host.Plan.Url is { } url)
            unit.Set("Documentation", SystemdText.Word(url));
        // A service that is merely wanted may fail and come back: whoever needs it waits at the start and copes later.
        var before = workload.DependsOn.Select(d => host.Service(host.Plan.Workload(d.Workload))).ToList();
        unit.SetWords("Wants", before.Prepend("network-online.target"));
        var foreign = DeploymentHost.IsReplaceable(workload) ? [] : workload.Systemd?.Profile.After ?? [];
        unit.SetWords("After", before.Prepend("network-online.target").Concat(foreign));
        unit.Set("PartOf", host.Target);
        // It is tried again for ever: what it waits for may come back in the night.
        unit.Set("StartLimitIntervalSec", 0);

        unit.Section("Service");
        WriteStart(unit);
        WriteEnvironment(unit);
        WriteLimits(unit);
        Hardening.Write(unit, host, workload);

        return unit.Section("Install").Set("WantedBy", host.Target).ToString();
    }

    private void WriteStart(UnitText unit)
    {
        var profile = workload.Systemd?.Profile;
        unit.Set("Type", profile?.Notify == true ? "notify" : "exec");
        if (profile?.Notify == true)
            unit.Set("NotifyAccess", "main");
        unit.SetCommand("ExecStart", _environment.Wrap(_command.Words));
        unit.Set("WorkingDirectory", _command.WorkingDirectory);
        unit.Set("Restart", "on-failure").Set("RestartSec", 10);
        if (profile?.WatchdogSeconds is { } watchdog)
        {
            // What does not answer does not end by itself either: a short wait in place of the whole of TimeoutStopSec.
            unit.Set("WatchdogSec", watchdog).Set("TimeoutAbortSec", 5);
        }

        unit.Set("TimeoutStartSec", profile?.StartSeconds ?? 60);
        unit.Set("TimeoutStopSec", profile?.StopSeconds ?? workload.StopGraceSeconds);
        // .NET ends with 143 when it is told to terminate before its host has started.
        if (DeploymentHost.IsJit(workload))
            unit.Set("SuccessExitStatus", 143);
        // EX_CONFIG: wrong settings do not mend themselves, and a list of them every ten seconds hides what else the journal has to say.
        unit.Set("RestartPreventExitStatus", 78);
        unit.Set("SyslogIdentifier", host.Unit(workload));
    }

    private void WriteEnvironment(UnitText unit)
    {
        unit.Comment("A user of its own that exists only while it runs; its data is in the state directory.")
            .Set("DynamicUser", "yes")
            .Set("StateDirectory", host.Unit(workload))
            .Set("StateDirectoryMode", "0700");
        foreach (var (name, value) in _environment.Plain)
            unit.Set("Environment", SystemdText.Assignment(name, value));
        if (_environment.ReadsSettings)
            unit.Set("EnvironmentFile", host.EnvironmentFile);
        if (_environment.SecretFile is { } secrets)
            unit.Set("EnvironmentFile", secrets);
        foreach (var (name, path) in _environment.Credentials)
            unit.Set("LoadCredential", $"{name}:{path}");
    }

    private void WriteLimits(UnitText unit)
    {
        unit.Comment("Limits.");
        if (HostAmounts.Memory(workload.Limits.Memory) is { } memory)
            unit.Set("MemoryMax", memory).Set("MemorySwapMax", "0");
        if (HostAmounts.Cpu(workload.Limits.Cpu) is { } cpu)
            unit.Set("CPUQuota", cpu);
        if (workload.Limits.Pids is { } pids)
            unit.Set("TasksMax", pids);
        unit.Set("OOMPolicy", "stop");
    }
}

using System.Text.Json;
using Lucia.Publishing.Manifest;

namespace Lucia.Publishing.Profile;

/// <summary>Writes a profile as the members of its manifest resource; what is not set is left out.</summary>
internal static class DeploymentProfileWriter
{
    public static void Write(DeploymentProfile profile, Utf8JsonWriter writer)
    {
        writer.WriteString("type", DeploymentProfile.ResourceType);
        Text(writer, "application", profile.Application);
        Text(writer, "description", profile.Description);
        Text(writer, "version", profile.Version);
        Text(writer, "url", profile.Url);
        Map(writer, "workloads", profile.Workloads, Workload);
        Map(writer, "parameters", profile.Parameters, Setting);
    }

    private static void Workload(Utf8JsonWriter writer, WorkloadProfile workload)
    {
        Text(writer, "description", workload.Description);
        Text(writer, "image", workload.Image);
        Child(writer, "build", workload.Build, Build);
        Flag(writer, "optional", workload.Optional ? true : null);
        Texts(writer, "targets", workload.Targets);
        Texts(writer, "command", workload.Command);
        Texts(writer, "args", workload.Args);
        TextMap(writer, "environment", workload.Environment);
        TextMap(writer, "aliases", workload.Aliases);
        Map(writer, "settings", workload.Settings, Setting);
        Child(writer, "health", workload.Health, Health);
        Map(writer, "dependsOn", workload.DependsOn, Dependency);
        Child(writer, "limits", workload.Limits, Resources);
        Child(writer, "requests", workload.Requests, Resources);
        Number(writer, "replicas", workload.Replicas);
        Flag(writer, "scalable", workload.Scalable);
        Flag(writer, "egress", workload.Egress);
        Child(writer, "security", workload.Security, Security);
        Child(writer, "secretFiles", workload.SecretFiles, SecretFiles);
        List(writer, "files", workload.Files, FileContent);
        Map(writer, "endpoints", workload.Endpoints, Endpoint);
        Map(writer, "volumes", workload.Volumes, Volume);
        Map(writer, "bindMounts", workload.BindMounts, static (json, mount) => Flag(json, "file", mount.File));
        Number(writer, "stopGraceSeconds", workload.StopGraceSeconds);
        Child(writer, "systemd", workload.Systemd, Systemd);
        Child(writer, "development", workload.Development, Development);
    }

    private static void Build(Utf8JsonWriter writer, BuildProfile build)
    {
        Text(writer, "context", build.Context);
        Text(writer, "dockerfile", build.Dockerfile);
        Text(writer, "stage", build.Stage);
    }

    private static void Health(Utf8JsonWriter writer, HealthProfile health)
    {
        Child(writer, "check", health.Check, Probe);
        Child(writer, "startup", health.Startup, Probe);
        Child(writer, "readiness", health.Readiness, Probe);
        Child(writer, "liveness", health.Liveness, Probe);
    }

    private static void Probe(Utf8JsonWriter writer, ProbeProfile probe)
    {
        Text(writer, "path", probe.Path);
        Text(writer, "endpoint", probe.Endpoint);
        Texts(writer, "command", probe.Command);
        Number(writer, "intervalSeconds", probe.IntervalSeconds);
        Number(writer, "timeoutSeconds", probe.TimeoutSeconds);
        Number(writer, "failures", probe.Failures);
        Number(writer, "graceSeconds", probe.GraceSeconds);
    }

    private static void Dependency(Utf8JsonWriter writer, DependencyProfile dependency)
    {
        Flag(writer, "healthy", dependency.Healthy);
        Flag(writer, "required", dependency.Required);
    }

    private static void Resources(Utf8JsonWriter writer, ResourceProfile resources)
    {
        Text(writer, "cpu", resources.Cpu);
        Text(writer, "memory", resources.Memory);
        Number(writer, "pids", resources.Pids);
    }

    private static void Security(Utf8JsonWriter writer, SecurityProfile security)
    {
        Number(writer, "user", security.User);
        Number(writer, "group", security.Group);
        Flag(writer, "readOnlyRoot", security.ReadOnlyRoot);
        Texts(writer, "writable", security.Writable, leaveOutEmpty: true);
        Texts(writer, "capabilities", security.Capabilities, leaveOutEmpty: true);
    }

    private static void SecretFiles(Utf8JsonWriter writer, SecretFilesProfile files)
    {
        Text(writer, "directory", files.Directory);
        Text(writer, "variable", files.Variable);
    }

    private static void FileContent(Utf8JsonWriter writer, FileProfile file)
    {
        Text(writer, "path", file.Path);
        Text(writer, "content", file.Content);
    }

    private static void Endpoint(Utf8JsonWriter writer, EndpointProfile endpoint)
    {
        Flag(writer, "external", endpoint.External);
        Number(writer, "externalPort", endpoint.ExternalPort);
        Text(writer, "portVariable", endpoint.PortVariable);
        Text(writer, "bindVariable", endpoint.BindVariable);
        Number(writer, "servicePort", endpoint.ServicePort);
    }

    private static void Volume(Utf8JsonWriter writer, VolumeProfile volume)
    {
        Text(writer, "size", volume.Size);
        Text(writer, "description", volume.Description);
    }

    private static void Systemd(Utf8JsonWriter writer, SystemdProfile systemd)
    {
        Text(writer, "unit", systemd.Unit);
        Texts(writer, "command", systemd.Command);
        Texts(writer, "packages", systemd.Packages, leaveOutEmpty: true);
        if (systemd.Ports.Count > 0)
        {
            writer.WriteStartObject("ports");
            foreach (var (name, port) in systemd.Ports)
                writer.WriteNumber(name, port);
            writer.WriteEndObject();
        }
        Flag(writer, "notify", systemd.Notify ? true : null);
        Number(writer, "watchdogSeconds", systemd.WatchdogSeconds);
        Number(writer, "startSeconds", systemd.StartSeconds);
        Number(writer, "stopSeconds", systemd.StopSeconds);
        Texts(writer, "after", systemd.After, leaveOutEmpty: true);
        Texts(writer, "doctor", systemd.Doctor, leaveOutEmpty: true);
        Flag(writer, "jit", systemd.Jit ? true : null);
        TextMap(writer, "environment", systemd.Environment);
        List(writer, "files", systemd.Files, FileContent);
    }

    private static void Development(Utf8JsonWriter writer, DevelopmentProfile development)
    {
        Child(writer, "build", development.Build, Build);
        Text(writer, "sourceTarget", development.SourceTarget);
        TextMap(writer, "environment", development.Environment);
    }

    private static void Setting(Utf8JsonWriter writer, SettingProfile setting)
    {
        Text(writer, "description", setting.Description);
        Text(writer, "section", setting.Section);
        Flag(writer, "required", setting.Required);
        Text(writer, "default", setting.Default);
        Texts(writer, "allowed", setting.Allowed, leaveOutEmpty: true);
        Text(writer, "example", setting.Example);
        Flag(writer, "secret", setting.Secret ? true : null);
        Text(writer, "variable", setting.Variable);
        Child(writer, "generate", setting.Generate, Generate);
    }

    private static void Generate(Utf8JsonWriter writer, GenerateRecipe recipe)
    {
        Number(writer, "minLength", recipe.MinLength);
        Flag(writer, "lower", recipe.Lower ? null : false);
        Flag(writer, "upper", recipe.Upper ? null : false);
        Flag(writer, "numeric", recipe.Numeric ? null : false);
        Flag(writer, "special", recipe.Special ? null : false);
        Number(writer, "minLower", recipe.MinLower == 0 ? null : recipe.MinLower);
        Number(writer, "minUpper", recipe.MinUpper == 0 ? null : recipe.MinUpper);
        Number(writer, "minNumeric", recipe.MinNumeric == 0 ? null : recipe.MinNumeric);
        Number(writer, "minSpecial", recipe.MinSpecial == 0 ? null : recipe.MinSpecial);
    }

    private static void Text(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
            writer.WriteString(name, value);
    }

    private static void Number(Utf8JsonWriter writer, string name, int? value)
    {
        if (value is { } number)
            writer.WriteNumber(name, number);
    }

    private static void Flag(Utf8JsonWriter writer, string name, bool? value)
    {
        if (value is { } flag)
            writer.WriteBoolean(name, flag);
    }

    private static void Texts(Utf8JsonWriter writer, string name, IReadOnlyList<string>? values, bool leaveOutEmpty = false)
    {
        if (values is null || (leaveOutEmpty && values.Count == 0))
            return;
        writer.WriteStartArray(name);
        foreach (var value in values)
            writer.WriteStringValue(value);
        writer.WriteEndArray();
    }

    private static void TextMap(Utf8JsonWriter writer, string name, IReadOnlyDictionary<string, string> values)
    {
        if (values.Count == 0)
            return;
        writer.WriteStartObject(name);
        foreach (var (key, value) in values)
            writer.WriteString(key, value);
        writer.WriteEndObject();
    }

    private static void Child<T>(Utf8JsonWriter writer, string name, T? value, Action<Utf8JsonWriter, T> write) where T : class
    {
        if (value is null)
            return;
        writer.WriteStartObject(name);
        write(writer, value);
        writer.WriteEndObject();
    }

    private static void Map<T>(Utf8JsonWriter writer, string name, IReadOnlyDictionary<string, T> values, Action<Utf8JsonWriter, T> write)
    {
        if (values.Count == 0)
            return;
        writer.WriteStartObject(name);
        foreach (var (key, value) in values)
        {
            writer.WriteStartObject(key);
            write(writer, value);
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
    }

    private static void List<T>(Utf8JsonWriter writer, string name, IReadOnlyList<T> values, Action<Utf8JsonWriter, T> write)
    {
        if (values.Count == 0)
            return;
        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            writer.WriteStartObject();
            write(writer, value);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }
}

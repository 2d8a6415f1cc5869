namespace Lucia.Settings;

/// <summary>Who reads a setting.</summary>
public enum SettingScope
{
    /// <summary>The service itself, wherever it is deployed.</summary>
    Service,

    /// <summary>Compose and the systemd set-up only; the service never sees it.</summary>
    Deployment,

    /// <summary>The service, set by the development run only; of no use in a deployment.</summary>
    DevelopmentRun,
}

namespace Lucia.Settings;

/// <summary>The headings of the settings reference, in reading order.</summary>
public enum SettingGroup
{
    /// <summary>The models that understand and answer.</summary>
    Models,

    /// <summary>The home that is acted on.</summary>
    HomeAssistant,

    /// <summary>Redis and the conversations kept in it.</summary>
    Sessions,

    /// <summary>Who may talk to the service, and where secrets come from.</summary>
    Access,

    /// <summary>Logs and telemetry.</summary>
    Observation,

    /// <summary>Where a deployment publishes the service.</summary>
    Deployment,
}

namespace Lucia.Settings;

/// <summary>Bands of sources, the weakest first. A stronger band overrides a weaker one; within a band nothing overrides anything.</summary>
public enum SettingBand
{
    /// <summary>The application's own JSON files. They are made to be layered: of two, the later one wins.</summary>
    ApplicationFiles,

    /// <summary>Environment variables and secret files. Two that set the same setting must agree.</summary>
    Environment,

    /// <summary>The command line.</summary>
    CommandLine,
}

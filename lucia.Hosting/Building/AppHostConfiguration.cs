using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Building;

/// <summary>Reads the AppHost's configuration in the order of a .NET host, without its watchers and loggers.</summary>
internal static class AppHostConfiguration
{
    internal static (ConfigurationManager Configuration, IHostEnvironment Environment) Load(
        CommandLine commandLine, HostApplicationBuilderSettings settings, Assembly? assembly, string directory)
    {
        var given = settings.Configuration;
        var environment = new AppHostEnvironment
        {
            ApplicationName = settings.ApplicationName ?? assembly?.GetName().Name ?? "AppHost",
            ContentRootPath = settings.ContentRootPath ?? directory,
            EnvironmentName = settings.EnvironmentName
                ?? commandLine.Configuration.GetValueOrDefault("environment")
                ?? Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT")
                ?? Environment.GetEnvironmentVariable("ASPIRE_ENVIRONMENT")
                ?? given?["environment"]
                ?? Environments.Production
        };

        var configuration = new ConfigurationManager();
        configuration.SetBasePath(environment.ContentRootPath);
        if (given is not null)
            configuration.AddConfiguration(given);
        configuration.AddJsonFile("appsettings.json", optional: true, reloadOnChange: false);
        configuration.AddJsonFile($"appsettings.{environment.EnvironmentName}.json", optional: true, reloadOnChange: false);
        if (environment.IsDevelopment() && assembly is not null)
            configuration.AddUserSecrets(assembly, optional: true, reloadOnChange: false);
        configuration.AddEnvironmentVariables();
        configuration.AddInMemoryCollection(commandLine.Configuration);
        return (configuration, environment);
    }

    private sealed class AppHostEnvironment : IHostEnvironment
    {
        public required string EnvironmentName { get; set; }

        public required string ApplicationName { get; set; }

        public required string ContentRootPath { get; set; }

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}

using System.Reflection;
using Aspire.Hosting.Pipelines;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>Describes an application: its resources, how they relate, and the steps that publish it.</summary>
public interface IDistributedApplicationBuilder
{
    /// <summary>appsettings, user secrets in Development, environment, command line; the later wins.</summary>
    ConfigurationManager Configuration { get; }

    /// <summary>The AppHost project's directory; relative paths in the model start here.</summary>
    string AppHostDirectory { get; }

    /// <summary>The AppHost's assembly.</summary>
    Assembly? AppHostAssembly { get; }

    /// <summary>The environment, <c>Production</c> unless <c>DOTNET_ENVIRONMENT</c> or <c>--environment</c> says otherwise.</summary>
    IHostEnvironment Environment { get; }

    /// <summary>Services for pipeline steps.</summary>
    IServiceCollection Services { get; }

    /// <summary>Whether the application runs or is published.</summary>
    DistributedApplicationExecutionContext ExecutionContext { get; }

    /// <summary>The resources, in the order they were added.</summary>
    IResourceCollection Resources { get; }

    /// <summary>The steps that publish the application.</summary>
    IDistributedApplicationPipeline Pipeline { get; }

    /// <summary>Adds a resource.</summary>
    /// <exception cref="DistributedApplicationException">The name is taken or not allowed.</exception>
    IResourceBuilder<T> AddResource<T>(T resource) where T : IResource;

    /// <summary>Describes a resource further without adding it.</summary>
    IResourceBuilder<T> CreateResourceBuilder<T>(T resource) where T : IResource;

    /// <summary>Ends the description.</summary>
    DistributedApplication Build();
}

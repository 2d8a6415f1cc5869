namespace Lucia.Simulator.Home;

/// <summary>Why a service call was refused; the two APIs put each into their own words.</summary>
internal abstract class ServiceRefused(string message) : Exception(message);

/// <summary>No such service.</summary>
internal sealed class ServiceNotFound(string domain, string service) : ServiceRefused($"Service {domain}.{service} not found.")
{
    public string Domain => domain;

    public string Service => service;
}

/// <summary>The data does not fit the service's schema (voluptuous, in Home Assistant).</summary>
internal sealed class InvalidServiceData(string message) : ServiceRefused(message);

/// <summary>The data fits the schema, but not this entity: a wrong code, a temperature out of range.</summary>
internal sealed class ServiceValidation(string message) : ServiceRefused(message);

/// <summary>The device or its integration failed.</summary>
internal sealed class DeviceFailed(string message) : ServiceRefused(message);

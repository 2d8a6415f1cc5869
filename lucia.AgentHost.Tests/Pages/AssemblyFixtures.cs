using Lucia.AgentHost.Tests.Pages;

[assembly: AssemblyFixture(typeof(Browser))]

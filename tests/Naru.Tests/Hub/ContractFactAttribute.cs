using Xunit.Sdk;

namespace Naru.Tests.Hub;

/// <summary>A test of a contract: it runs in every class that inherits it, but not where that class <see cref="NeedsAttribute"/> something that is missing.</summary>
[XunitTestCaseDiscoverer("Naru.Tests.Hub.ContractDiscoverer", "Naru.Tests")]
[AttributeUsage(AttributeTargets.Method)]
public sealed class ContractFactAttribute : FactAttribute;

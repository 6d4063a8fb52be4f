using Xunit.Sdk;

namespace Naru.Tests.Hub;

/// <summary>As <see cref="ContractFactAttribute"/>, with data.</summary>
[XunitTestCaseDiscoverer("Naru.Tests.Hub.ContractTheoryDiscoverer", "Naru.Tests")]
[AttributeUsage(AttributeTargets.Method)]
public sealed class ContractTheoryAttribute : TheoryAttribute;

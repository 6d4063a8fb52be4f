using Xunit.Abstractions;
using Xunit.Sdk;

namespace Naru.Conformance.Tests.Requirements;

/// <summary>Makes a <see cref="RequirementCase"/> of each requirement; named by <see cref="RequirementAttribute"/>.</summary>
public sealed class RequirementDiscoverer(IMessageSink diagnostics) : IXunitTestCaseDiscoverer
{
    public IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions options, ITestMethod method, IAttributeInfo requirement) =>
        [new RequirementCase(diagnostics, options.MethodDisplayOrDefault(), options.MethodDisplayOptionsOrDefault(), method)];
}

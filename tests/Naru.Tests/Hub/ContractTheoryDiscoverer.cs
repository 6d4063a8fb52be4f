using Xunit.Abstractions;
using Xunit.Sdk;

namespace Naru.Tests.Hub;

public sealed class ContractTheoryDiscoverer(IMessageSink messages) : TheoryDiscoverer(messages)
{
    public override IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions options, ITestMethod method, IAttributeInfo theory) =>
        ContractDiscoverer.Missing(method) is { } missing ? CreateTestCasesForSkip(options, method, theory, missing) : base.Discover(options, method, theory);
}

using Xunit.Abstractions;
using Xunit.Sdk;

namespace Naru.Tests.Hub;

public sealed class ContractDiscoverer(IMessageSink messages) : IXunitTestCaseDiscoverer
{
    public IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions options, ITestMethod method, IAttributeInfo fact) =>
        [new Case(messages, options.MethodDisplayOrDefault(), options.MethodDisplayOptionsOrDefault(), method)];

    /// <summary>What the test's class needs and the machine has not; null when all is there.</summary>
    internal static string? Missing(ITestMethod method) =>
        method.TestClass.Class.GetCustomAttributes(typeof(NeedsAttribute).AssemblyQualifiedName!).FirstOrDefault()?.GetNamedArgument<string>(nameof(NeedsAttribute.Missing));

    public sealed class Case : XunitTestCase
    {
        [Obsolete("for deserialisation")]
        public Case()
        {
        }

        public Case(IMessageSink messages, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method)
            : base(messages, display, options, method)
        {
        }

        protected override string GetSkipReason(IAttributeInfo fact) =>
            Missing(TestMethod) ?? base.GetSkipReason(fact);
    }
}

using System.ComponentModel;
using Naru.Chain.Tests;
using Naru.Conformance.Tests.Servers;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Naru.Conformance.Tests.Requirements;

/// <summary>A requirement asked of one registry. Where it is known to be unmet, the test passes as long as it stays unmet.</summary>
public sealed class RequirementCase : XunitTestCase
{
    public RequirementCase(IMessageSink diagnostics, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method)
        : base(diagnostics, display, options, method)
    {
    }

    [EditorBrowsable(EditorBrowsableState.Never)]
    [Obsolete("xunit makes it so, then fills it")]
    public RequirementCase()
    {
    }

    private string ClassName => TestMethod.TestClass.Class.ToRuntimeType().Name;

    private bool OfDockerRegistry => ClassName.StartsWith("DockerRegistry", StringComparison.Ordinal);

    public override async Task<RunSummary> RunAsync(IMessageSink diagnosticMessageSink, IMessageBus messageBus, object[] constructorArguments, ExceptionAggregator aggregator, CancellationTokenSource cancellationTokenSource)
    {
        if (!OfDockerRegistry || SkipReason is not null || KnownFailures.Reason(ClassName["DockerRegistry".Length..], TestMethod.Method.Name) is not { } reason)
            return await base.RunAsync(diagnosticMessageSink, messageBus, constructorArguments, aggregator, cancellationTokenSource);
        using var reversing = new ReversingBus(messageBus, reason);
        var summary = await base.RunAsync(diagnosticMessageSink, reversing, constructorArguments, aggregator, cancellationTokenSource);
        summary.Failed = summary.Total - summary.Failed;
        return summary;
    }

    protected override string GetDisplayName(IAttributeInfo factAttribute, string displayName) =>
        $"{(OfDockerRegistry ? DockerRegistryCollection.Name : HubCollection.Name)} {factAttribute.GetNamedArgument<string>(nameof(RequirementAttribute.Sentence))}";

    protected override string? GetSkipReason(IAttributeInfo factAttribute) =>
        OfDockerRegistry && Programs.Find("docker-registry") is null ? "not installed: docker-registry" : base.GetSkipReason(factAttribute);
}

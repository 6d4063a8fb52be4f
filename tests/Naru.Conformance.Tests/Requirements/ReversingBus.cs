using Xunit.Abstractions;
using Xunit.Sdk;

namespace Naru.Conformance.Tests.Requirements;

/// <summary>Turns the failure of a test into a pass that tells its reason, and a pass into a failure.</summary>
internal sealed class ReversingBus(IMessageBus bus, string reason) : IMessageBus
{
    public bool QueueMessage(IMessageSinkMessage message) => bus.QueueMessage(message switch
    {
        ITestFailed failed => new TestPassed(failed.Test, failed.ExecutionTime, $"known failure: {reason}"),
        ITestPassed passed => new TestFailed(passed.Test, passed.ExecutionTime, passed.Output,
            [typeof(InvalidOperationException).FullName], [$"listed in KnownFailures.cs ({reason}), but the registry does it"], [""], [-1]),
        _ => message,
    });

    public void Dispose()
    {
        // the bus belongs to the runner
    }
}

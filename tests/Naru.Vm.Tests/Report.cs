using System.Diagnostics;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Naru.Vm.Tests;

/// <summary>What xunit tells: each test by its name, outcome and time as it ends, then the counts.</summary>
internal sealed class Report : LongLivedMarshalByRefObject, IMessageSink, IDisposable
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly ManualResetEventSlim _discovered = new();
    private readonly ManualResetEventSlim _finished = new();
    private int _passed;
    private int _failed;
    private int _skipped;

    public List<ITestCase> Found { get; } = [];

    public void WaitForDiscovery() => _discovered.Wait();

    public void WaitForTheEnd() => _finished.Wait();

    public bool OnMessage(IMessageSinkMessage message)
    {
        switch (message)
        {
            case ITestCaseDiscoveryMessage found:
                Found.Add(found.TestCase);
                break;
            case IDiscoveryCompleteMessage:
                _discovered.Set();
                break;
            case ITestPassed test:
                _passed++;
                Console.WriteLine($"ok      {test.Test.DisplayName} ({test.ExecutionTime:F1} s)");
                break;
            case ITestSkipped test:
                _skipped++;
                Console.WriteLine($"skipped {test.Test.DisplayName}: {test.Reason}");
                break;
            case ITestFailed test:
                Fail($"{test.Test.DisplayName} ({test.ExecutionTime:F1} s)", test);
                break;
            case ITestAssemblyFinished:
                _finished.Set();
                break;
            // what goes wrong around the tests: fixtures, clean-up, the runner itself
            case IFailureInformation other:
                Fail(message.GetType().Name, other);
                break;
        }
        return true;
    }

    /// <summary>The last line, and the exit code: 0 when tests ran and none failed.</summary>
    public int Write()
    {
        Console.WriteLine($"{_passed} passed, {_failed} failed, {_skipped} skipped ({_clock.Elapsed.TotalSeconds:F0} s)");
        return _failed > 0 || _passed == 0 ? 1 : 0;
    }

    public void Dispose()
    {
        _discovered.Dispose();
        _finished.Dispose();
    }

    private void Fail(string name, IFailureInformation failure)
    {
        _failed++;
        Console.WriteLine($"FAILED  {name}: {ExceptionUtility.CombineMessages(failure)}\n{ExceptionUtility.CombineStackTraces(failure)}");
    }
}

using Xunit.Abstractions;

namespace Naru.Vm.Tests;

/// <summary>xunit's options: its defaults, but for tests in turn.</summary>
internal sealed class RunOptions : ITestFrameworkDiscoveryOptions, ITestFrameworkExecutionOptions
{
    private readonly Dictionary<string, object?> _values = new() { ["xunit.execution.DisableParallelization"] = true };

    public TValue GetValue<TValue>(string name) => _values.TryGetValue(name, out var value) && value is TValue own ? own : default!;

    public void SetValue<TValue>(string name, TValue value) => _values[name] = value;
}

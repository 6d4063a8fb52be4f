namespace Naru.Build.Solver;

/// <summary>A result that a cache elsewhere knows by its key, but has not got: made only when something needs its files.</summary>
public sealed class StepPromise(Func<Task<StepResult>> make)
{
    private readonly Lazy<Task<StepResult>> making = new(() => Task.Run(make));

    /// <summary>The result, if it was made; null: nothing needed it.</summary>
    public StepResult? Made => making is { IsValueCreated: true, Value.IsCompletedSuccessfully: true } ? making.Value.Result : null;

    public bool IsBegun => making.IsValueCreated;

    public Task<StepResult> Make() => making.Value;
}

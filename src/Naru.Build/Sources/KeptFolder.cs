namespace Naru.Build.Sources;

/// <summary>One folder of a cache in use. Disposed by who made its content, unless <see cref="Keep"/> passed it on.</summary>
internal sealed class KeptFolder(string path, Action made, Action release) : IDisposable
{
    private Action? made = made;
    private Action? release = release;

    public string Path { get; } = path;

    /// <summary>Its content is whole: others may use it too. It stays until what is given back is called.</summary>
    public Action Keep()
    {
        Interlocked.Exchange(ref made, null)?.Invoke();
        var last = Interlocked.Exchange(ref release, null);
        return () => last?.Invoke();
    }

    public void Dispose()
    {
        Interlocked.Exchange(ref made, null)?.Invoke();
        Interlocked.Exchange(ref release, null)?.Invoke();
    }
}

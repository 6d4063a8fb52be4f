using System.Globalization;
using Naru.Base;

namespace Naru.Runtime.Checkpoint;

/// <summary>Which CRIU is installed, and what it can do here.</summary>
/// <param name="debug">Takes what is being done.</param>
internal sealed class CriuVersion(Action<string> debug)
{
    /// <summary>The first that can be asked for its version.</summary>
    private const int Least = 30000;

    private int _version;

    /// <summary>Asks for it, once.</summary>
    /// <exception cref="NaruException">FailedPrecondition: there is none, or it is too old.</exception>
    public void Require()
    {
        try
        {
            using var criu = Criu.Start(debug);
            _version = criu.Ask(CriuRequestType.Version, null).Version;
        }
        catch (NaruException failure)
        {
            throw new NaruException(failure.Kind, $"CRIU version check failed: {failure.Message}", failure);
        }

        var text = _version.ToString(CultureInfo.InvariantCulture);
        debug($"Using CRIU {text}");
        if (!IsAtLeast(Least))
            throw NaruException.Precondition($"CRIU version {text} must be {Least.ToString(CultureInfo.InvariantCulture)} or higher");
    }

    /// <param name="version">As <see cref="CriuResponse.Version"/>.</param>
    public bool IsAtLeast(int version) => _version >= version;

    /// <exception cref="NaruException">FailedPrecondition: it lacks one of them, or the kernel does.</exception>
    public void RequireFeatures(bool memoryTracking, bool lazyPages)
    {
        if (!memoryTracking && !lazyPages)
            return;
        using var criu = Criu.Start(debug);
        var found = criu.Ask(CriuRequestType.FeatureCheck, null);
        var missing = memoryTracking && !found.TracksMemory ? "MemTrack" : "";
        if (lazyPages && !found.HasLazyPages)
            missing = missing.Length == 0 ? "LazyPages" : $"{missing} LazyPages";
        if (missing.Length > 0)
            throw NaruException.Precondition($"criu is missing features: [{missing}]");
    }
}

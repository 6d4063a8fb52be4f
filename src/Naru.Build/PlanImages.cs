using System.Collections.Concurrent;
using Naru.Base;
using Naru.Build.Context;
using Naru.Build.Graph;
using Naru.Build.Planning;
using Naru.Build.Progress;
using Naru.Build.Sources;
using Naru.Oci;

namespace Naru.Build;

/// <summary>Finds images for the plan of one build, each name once, and says so: <c>[internal] load metadata for …</c>.</summary>
internal sealed class PlanImages(ImageSource images, LayoutSource layouts, bool pull, IBuildSession session, BuildProgress progress) : IImageResolver
{
    private readonly ConcurrentDictionary<string, Lazy<Task<ResolvedImage>>> asked = new();

    public Task<ResolvedImage> Resolve(string reference, Platform platform, CancellationToken cancel) =>
        asked.GetOrAdd($"{reference} {platform}", _ => new Lazy<Task<ResolvedImage>>(() => Ask(reference, platform, cancel))).Value;

    public Task<ResolvedImage> ResolveLayout(string location, string name, Platform platform, CancellationToken cancel) => layouts.Resolve(location, name, platform, session, cancel);

    private async Task<ResolvedImage> Ask(string reference, Platform platform, CancellationToken cancel)
    {
        var name = ImageReference.Parse(reference).WithDefaultTag().ToString();
        var step = new StepChanged(Digest.Of(System.Text.Encoding.UTF8.GetBytes($"metadata {name} {platform}"))) { Name = $"[internal] load metadata for {name}", Started = DateTimeOffset.UtcNow };
        progress.Add(step);
        try
        {
            var image = await images.Resolve(reference, platform, pull, session, cancel);
            progress.Add(step with { Completed = DateTimeOffset.UtcNow });
            return image;
        }
        catch (Exception e)
        {
            progress.Add(step with { Completed = DateTimeOffset.UtcNow, Error = e is OperationCanceledException ? "context canceled" : e.Message });
            if (e is NaruException { Kind: not ErrorKind.Canceled } known)
                throw new NaruException(known.Kind, $"failed to resolve source metadata for {name}: {known.Message}", known);
            throw;
        }
    }
}

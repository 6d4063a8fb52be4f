using Naru.Build.Graph;
using Naru.Build.Planning;
using Naru.Oci;

namespace Naru.Build.Attestations;

/// <summary>What a result was made of: found in its steps.</summary>
internal sealed class Materials
{
    private readonly SortedDictionary<string, Subject> images = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Subject> fetched = new(StringComparer.Ordinal);
    private readonly SortedSet<string> locals = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, bool> secrets = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, bool> agents = new(StringComparer.Ordinal);

    public Materials(BuildFacts facts, StepOrder order)
    {
        Add(facts.ReadStep, facts);
        foreach (var step in order.Steps)
            Add(step, facts);
        if (facts.Scanner is { } scanner)
            Add(PackageUrl.Of(ImageReference.Parse(scanner.Reference), null), scanner);
    }

    /// <summary>Images, then what was fetched.</summary>
    public IReadOnlyList<Subject> Sources => [.. images.Values, .. fetched.Values];

    /// <summary>The client's folders.</summary>
    public IReadOnlyCollection<string> Locals => locals;

    /// <summary>Ids of secrets; true: the build could do without.</summary>
    public IReadOnlyDictionary<string, bool> Secrets => secrets;

    public IReadOnlyDictionary<string, bool> Agents => agents;

    /// <summary>Some program could reach a network.</summary>
    public bool UsesNetwork { get; private set; }

    private void Add(Step step, BuildFacts facts)
    {
        switch (step)
        {
            case ImageStep image:
                var reference = ImageReference.Parse(image.Image.Reference);
                Add(PackageUrl.Of(reference, image.Platform, image.Image.IsLayout ? "oci" : "docker"), image.Image);
                break;
            case ContextStep context:
                locals.Add(context.Local);
                break;
            case HttpStep http when facts.ResultOf(step)?.Folder?.Revision is { Length: > 0 } content:
                var digest = Digest.Parse(content);
                fetched[http.Url] = new Subject(UrlCredentials.Hide(http.Url), digest.Hex, digest.Algorithm);
                break;
            case GitStep git when facts.ResultOf(step)?.Folder?.Revision is { Length: > 0 } commit:
                var url = UrlCredentials.Hide(git.Remote) + (git.Ref.Length > 0 ? "#" + git.Ref : "");
                fetched[url] = new Subject(url, commit, commit.Length == 40 ? "sha1" : "sha256");
                break;
            case RunStep run:
                UsesNetwork |= run.Network != RunNetwork.None;
                foreach (var mount in run.Mounts)
                    Add(mount);
                break;
        }
    }

    private void Add(string url, ResolvedImage image) => images[url] = new Subject(url, image.Target.Hex, image.Target.Algorithm);

    private void Add(RunMount mount)
    {
        var found = mount.Kind switch { RunMountKind.Secret => secrets, RunMountKind.Ssh => agents, _ => null };
        if (found is not null)
            found[mount.Id] = !mount.Required && found.GetValueOrDefault(mount.Id, true);
    }
}

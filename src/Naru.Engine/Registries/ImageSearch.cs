using System.Globalization;
using Naru.Api;
using Naru.Base;
using Naru.Oci;

namespace Naru.Engine.Registries;

/// <summary>What somebody looks for in a registry's index, and which of the answers they want.</summary>
/// <param name="Domain">The registry; Docker Hub when the term names none.</param>
/// <param name="Stars">The fewest stars.</param>
/// <param name="Official">Null: either.</param>
/// <param name="Automated">Nothing is called that any more: true finds nothing.</param>
public sealed record ImageSearch(string Domain, string Term, int Limit, long Stars, bool? Official, bool Automated)
{
    private const int DefaultLimit = 25;
    private const int MaximumLimit = 100;

    /// <exception cref="NaruException">InvalidArgument, in Docker's words.</exception>
    public static ImageSearch Parse(string term, string? limit, string? filters)
    {
        var count = DefaultLimit;
        if (!string.IsNullOrEmpty(limit) && !int.TryParse(limit, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out count))
            throw NaruException.Invalid($"invalid limit specified: strconv.Atoi: parsing \"{limit}\": invalid syntax");
        count = count == 0 ? DefaultLimit : count is > 0 and <= MaximumLimit ? count : throw NaruException.Invalid($"limit {count} is outside the range of [1, {MaximumLimit}]");
        if (term.Contains("://", StringComparison.Ordinal))
            throw NaruException.Invalid($"invalid repository name: repository name ({term}) should not have a scheme");
        var wanted = Filters.Parse(filters, "is-automated", "is-official", "stars");
        long stars = 0;
        foreach (var text in wanted.Get("stars"))
        {
            if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var least))
                throw NaruException.Invalid($"invalid filter 'stars={text}': strconv.Atoi: parsing \"{text}\": invalid syntax");
            stars = Math.Max(stars, least);
        }

        // As in every reference: what looks like a host, is one.
        var slash = term.IndexOf('/');
        var first = slash < 0 ? "" : term[..slash];
        var named = first.AsSpan().ContainsAny('.', ':') || first == "localhost";
        return new ImageSearch(named && first is not ("docker.io" or "index.docker.io") ? first : ImageReference.DefaultDomain, named ? term[(slash + 1)..] : term, count, stars,
            wanted.Has("is-official") ? wanted.Flag("is-official", false) : null, wanted.Flag("is-automated", false));
    }

    /// <exception cref="NaruException">Internal, InvalidArgument: the index does not answer as one.</exception>
    public async Task<IReadOnlyList<FoundImage>> Run(RegistryAccess registries, AuthConfig? auth, CancellationToken cancel)
    {
        if (Automated)
            return [];
        using var client = registries.Open(Domain, auth);
        var found = await RegistryAccess.Ask(() => client.SearchAsync(Domain, Term, Limit, cancel));
        var results = new List<FoundImage>();
        foreach (var image in found)
        {
            if (image.StarCount >= Stars && (Official is not { } official || image.IsOfficial == official))
                results.Add(image);
        }

        return results;
    }
}

using Naru.Hub.Accounts;
using Naru.Hub.Catalogue;
using Naru.Hub.Registry;
using Naru.HubServer.Site.Models;
using Naru.HubServer.Site.Pages;

namespace Naru.HubServer.Site.Routes;

/// <summary>The pages of one image, and of two side by side; the files of a layer.</summary>
internal sealed class ImageRoutes(AccountRooms accounts, RepositoryCatalogue catalogue, ImageCatalogue images, LayerReader layers) : ISiteRoutes
{
    private const int TagsToChoose = 100;

    public async ValueTask<bool> TryHandle(SiteCall call, string path)
    {
        if (RepositoryRoute.TryParse(path) is not { } route || !Names.IsName(route.Name) || (route.Reference is null && route.Tail is not ("compare" or "files")))
            return false;
        var repository = await accounts.Access.Require(call.Caller, route.Name, RepositoryAction.Pull, call.Cancel);
        switch (route)
        {
            case { Reference: { } reference }:
                var model = await Read(call, repository, reference);
                await call.Page(TagPage.Render(model.MayDelete ? call.FormShell() : call.Shell, model));
                break;
            case { Tail: "compare" }:
                await call.Page(ComparePage.Render(call.Shell, await Compare(call, repository)));
                break;
            default:
                var image = await images.Read(repository, call.Query("image"), call.Cancel);
                var files = await layers.Files(call.Shell, image, call.Query("layer"), call.Query("path"), call.Query("filter"), call.Cancel);
                await SiteResponse.Json(call.Context, writer => SiteJson.Files(writer, call.Shell, files));
                break;
        }

        return true;
    }

    private async ValueTask<TagModel> Read(SiteCall call, Repository repository, string reference)
    {
        var platforms = await images.Platforms(repository, reference, call.Cancel);
        if (platforms.Count == 0)
            throw new RegistryException(RegistryErrorCode.ManifestUnknown, "manifest unknown", reference);
        var shown = Shown(platforms, call.Query("platform"));
        var image = await images.Read(repository, shown.Digest, call.Cancel);
        var digest = (await images.Resolve(repository, reference, call.Cancel)).ToString();
        List<PlatformRow> rows = [];
        foreach (var platform in platforms)
            rows.Add(new PlatformRow(platform.Name, platform.Digest, platform.Size));
        List<string> others = [];
        foreach (var tag in await catalogue.Tags(repository, "", 0, TagsToChoose, call.Cancel))
        {
            if (tag.Name != reference)
                others.Add(tag.Name);
        }

        List<ReferrerRow> referrers = [];
        foreach (var referrer in await images.Referrers(repository, reference, shown.Digest, call.Cancel))
            referrers.Add(new ReferrerRow(referrer.ArtifactType, referrer.Digest, referrer.Size, referrer.Pushed));
        var chosen = call.Query("layer");
        return new TagModel
        {
            Repository = repository.Name,
            Reference = reference,
            Digest = digest,
            Shown = new PlatformRow(shown.Name, shown.Digest, shown.Size),
            MediaType = image.MediaType,
            Pushed = await images.Pushed(repository, digest, call.Cancel),
            Created = image.Config?.CreatedAt?.UtcDateTime,
            Platforms = rows,
            Layers = await layers.Steps(image, call.Cancel),
            Config = ConfigRows.Of(image.Config),
            Environment = image.Config?.Config?.Env ?? [],
            Labels = ConfigRows.Labels(image),
            Referrers = referrers,
            OtherTags = others,
            MayDelete = Names.IsTag(reference) && await accounts.Access.Find(call.Caller, repository.Name, RepositoryAction.Delete, call.Cancel) is not null,
            Files = chosen.Length > 0 && LayerReader.Holds(image, chosen) ? await layers.Files(call.Shell, image, chosen, call.Query("path"), "", call.Cancel) : null,
        };
    }

    /// <summary>The platform that was asked for, else the one that most people run.</summary>
    private static ImagePlatform Shown(List<ImagePlatform> platforms, string digest)
    {
        foreach (var platform in platforms)
        {
            if (platform.Digest == digest)
                return platform;
        }

        foreach (var platform in platforms)
        {
            if (platform.Name == "linux/amd64")
                return platform;
        }

        return platforms[0];
    }

    private async ValueTask<CompareModel> Compare(SiteCall call, Repository repository)
    {
        var (from, to) = (call.Query("from"), call.Query("to"));
        List<string> tags = [];
        foreach (var tag in await catalogue.Tags(repository, "", 0, TagsToChoose, call.Cancel))
            tags.Add(tag.Name);
        var model = new CompareModel { Repository = repository.Name, From = from, To = to, Tags = tags };
        if (from.Length == 0 || to.Length == 0)
            return model;
        var platforms = await images.Platforms(repository, from, call.Cancel);
        var others = await images.Platforms(repository, to, call.Cancel);
        var one = Shown(platforms, "");
        foreach (var other in others)
        {
            if (other.Name == one.Name)
                return model with { Compared = await layers.Compare(call.Shell, await images.Read(repository, one.Digest, call.Cancel), await images.Read(repository, other.Digest, call.Cancel), call.Cancel) };
        }

        foreach (var other in others)
        {
            foreach (var platform in platforms)
            {
                if (other.Name == platform.Name)
                    return model with { Compared = await layers.Compare(call.Shell, await images.Read(repository, platform.Digest, call.Cancel), await images.Read(repository, other.Digest, call.Cancel), call.Cancel) };
            }
        }

        return model with { Compared = new ComparedModel { Platform = "" } };
    }
}

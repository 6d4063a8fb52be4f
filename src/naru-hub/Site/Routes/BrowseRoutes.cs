using Naru.Hub.Accounts;
using Naru.Hub.Catalogue;
using Naru.Hub.Registry;
using Naru.HubServer.Site.Locale;
using Naru.HubServer.Site.Models;
using Naru.HubServer.Site.Pages;

namespace Naru.HubServer.Site.Routes;

/// <summary>What anybody may look at: home, search, repositories, accounts.</summary>
internal sealed class BrowseRoutes(AccountRooms accounts, RepositoryCatalogue catalogue, RepositorySearch search, ImageCatalogue images) : ISiteRoutes
{
    private const int CardsOfHome = 6;
    private const int CardsOfPage = 24;
    private const int Suggestions = 7;
    private const int TagsOfPage = 25;

    public async ValueTask<bool> TryHandle(SiteCall call, string path)
    {
        switch (path)
        {
            case "/language" when call.IsPost:
                await call.ReadForm(guarded: false);
                call.SetLanguage(LanguageChoice.Word(call.Field("language")) ?? Language.English);
                await call.Redirect(Links.Local(call.Field("next")));
                return true;
            case "/":
                await Home(call);
                return true;
            case "/search":
                await Search(call);
                return true;
            case "/search.json":
                var found = await search.Find(call.Caller, call.Query("q"), 0, Suggestions, call.Cancel);
                await SiteResponse.Json(call.Context, writer => SiteJson.Found(writer, call.Shell, Cards(found.Entries)));
                return true;
        }

        if (RepositoryRoute.TryParse(path) is { Reference: null, Tail: null } route && Names.IsName(route.Name))
        {
            await Repository(call, route.Name);
            return true;
        }

        if (path.StartsWith("/u/", StringComparison.Ordinal) && path.IndexOf('/', 3) < 0)
            return await Account(call, path[3..]);
        return false;
    }

    private async ValueTask Home(SiteCall call)
    {
        var popular = await catalogue.Popular(CardsOfHome, call.Cancel);
        var recent = await catalogue.Recent(call.Caller, CardsOfHome / 2, call.Cancel);
        await call.Page(HomePage.Render(call.Shell, new HomeModel(Cards(popular), Cards(recent), await catalogue.Count(call.Cancel))));
    }

    private async ValueTask Search(SiteCall call)
    {
        var page = call.PageNumber();
        var query = call.Query("q");
        var found = await search.Find(call.Caller, query, (page - 1) * CardsOfPage, CardsOfPage, call.Cancel);
        await call.Page(SearchPage.Render(call.Shell, new SearchModel(query, Cards(found.Entries), page, found.More)));
    }

    private async ValueTask Repository(SiteCall call, string name)
    {
        var repository = await accounts.Access.Require(call.Caller, name, RepositoryAction.Pull, call.Cancel);
        var details = await catalogue.Find(repository, call.Cancel) ?? throw new RegistryException(RegistryErrorCode.NameUnknown, "repository name not known to registry", name);
        var (page, filter) = (call.PageNumber(), call.Query("tag"));
        var tags = await catalogue.Tags(repository, filter, (page - 1) * TagsOfPage, TagsOfPage + 1, call.Cancel);
        List<TagRow> rows = [];
        for (var i = 0; i < Math.Min(TagsOfPage, tags.Count); i++)
            rows.Add(await Row(repository, tags[i], call.Cancel));
        var pullTag = await PullTag(repository, rows, call.Cancel);
        await call.Page(RepositoryPage.Render(call.Shell, new RepositoryModel
        {
            Card = Card(details.Entry),
            Source = details.Readme.Length > 0 && pullTag is not null ? await images.Source(repository, pullTag, call.Cancel) : null,
            Readme = details.Readme,
            Tags = rows,
            TagCount = details.Tags,
            Page = page,
            More = tags.Count > TagsOfPage,
            Filter = filter,
            PullTag = pullTag,
            Size = details.Size,
            MayAdminister = await accounts.Access.Find(call.Caller, name, RepositoryAction.Administer, call.Cancel) is not null,
        }));
    }

    /// <summary>latest, where there is one; else the tag that was pushed last.</summary>
    private async ValueTask<string?> PullTag(Repository repository, List<TagRow> rows, CancellationToken cancel)
    {
        foreach (var tag in await catalogue.Tags(repository, "latest", 0, 5, cancel))
        {
            if (tag.Name == "latest")
                return tag.Name;
        }

        return rows.Count > 0 ? rows[0].Name : null;
    }

    private async ValueTask<TagRow> Row(Repository repository, TagEntry tag, CancellationToken cancel)
    {
        List<PlatformRow> platforms = [];
        string? type = null;
        foreach (var platform in await images.Platforms(repository, tag.Digest, cancel))
        {
            if (platform.ArtifactType is null)
                platforms.Add(new PlatformRow(platform.Name, platform.Digest, platform.Size));
            else
                type = platform.ArtifactType;
        }

        return new TagRow { Name = tag.Name, Digest = tag.Digest, Pushed = tag.Pushed, Platforms = platforms, ArtifactType = type };
    }

    private async ValueTask<bool> Account(SiteCall call, string name)
    {
        if (await accounts.Directory.Find(name, call.Cancel) is not { } account)
            return false;
        var page = call.PageNumber();
        var found = await catalogue.OfAccount(call.Caller, account.Id, (page - 1) * CardsOfPage, CardsOfPage, call.Cancel);
        var itself = call.Caller.Account == account.Id;
        List<string> related = [];
        var owner = false;
        var member = false;
        if (account.Organisation)
        {
            foreach (var one in await accounts.Organisations.Members(name, call.Cancel))
            {
                related.Add(one.Name);
                if (one.Name == call.Caller.Name)
                    (member, owner) = (true, one.Role == MemberRole.Owner);
            }
        }
        else
        {
            foreach (var one in await accounts.Organisations.Of(name, call.Cancel))
                related.Add(one.Organisation);
        }

        // Who belongs to what is for those who do.
        var inside = itself || member || call.Caller.Admin;
        await call.Page(AccountPage.Render(call.Shell, new AccountModel
        {
            Name = account.Name,
            FullName = account.FullName,
            Description = account.Description,
            MayLeave = member,
            Organisation = account.Organisation,
            Created = account.Created,
            Repositories = Cards(found.Entries),
            Page = page,
            More = found.More,
            Related = inside ? related : [],
            MayAdminister = owner || call.Caller.Admin,
            MayCreate = itself || owner || call.Caller.Admin,
        }));
        return true;
    }

    private static List<RepositoryCard> Cards(IReadOnlyList<RepositoryEntry> entries)
    {
        List<RepositoryCard> cards = new(entries.Count);
        foreach (var entry in entries)
            cards.Add(Card(entry));
        return cards;
    }

    private static RepositoryCard Card(RepositoryEntry entry) =>
        new() { Name = entry.Name, Description = entry.Description, Private = entry.Private, Mirror = entry.Mirror, Pulls = entry.Pulls, Pushed = entry.Pushed };
}

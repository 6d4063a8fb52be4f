using Naru.Base;
using Naru.Hub;
using Naru.Hub.Accounts;
using Naru.Hub.Catalogue;
using Naru.Hub.Registry;
using Naru.Hub.Webhooks;
using Naru.HubServer.Site.Models;
using Naru.HubServer.Site.Pages;

namespace Naru.HubServer.Site.Routes;

/// <summary>Making repositories, and what their administrators may change.</summary>
internal sealed class ManageRoutes(AccountRooms accounts, RepositoryCatalogue catalogue, Manifests manifests, Webhooks webhooks) : ISiteRoutes
{
    private const int LongestDescription = 200;
    private const int LongestReadme = 100_000;
    private const int DeliveriesOfHook = 10;

    public async ValueTask<bool> TryHandle(SiteCall call, string path)
    {
        if (path == "/new" && !call.Shell.Open)
        {
            await New(call);
            return true;
        }

        if (RepositoryRoute.TryParse(path) is not { Tail: "settings" or "delete-tag" } route || !Names.IsName(route.Name))
            return false;
        if (route.Tail == "delete-tag")
            await DeleteTag(call, route.Name);
        else
            await Settings(call, route.Name);
        return true;
    }

    private async ValueTask New(SiteCall call)
    {
        if (call.SignedIn is null)
        {
            await call.Redirect(Links.SignIn("/new"));
            return;
        }

        var model = new NewRepositoryModel($"{(call.Query("account") is { Length: > 0 } account ? account : call.Caller.Name)}/");
        if (call.IsPost)
        {
            await call.ReadForm();
            model = new NewRepositoryModel(call.Field("name").Trim().ToLowerInvariant(), call.Field("description").Trim(), call.Field("visibility") == "private");
            try
            {
                CheckTexts(model.Description, "");
                var made = await accounts.Access.Create(call.Caller, model.Name, model.Private, call.Cancel);
                await catalogue.Describe(made, model.Description, "", call.Cancel);
                await call.Redirect(Links.Repository(made.Name));
                return;
            }
            catch (NaruException e) when (FormFailure.IsTheirs(e))
            {
                model = model with { Failure = FormFailure.Text(call.Texts, e) };
            }
        }

        await call.Page(NewRepositoryPage.Render(call.FormShell(), model), model.Failure is null ? 200 : 422);
    }

    private async ValueTask Settings(SiteCall call, string name)
    {
        var repository = await accounts.Access.Require(call.Caller, name, RepositoryAction.Administer, call.Cancel);
        string? failure = null;
        if (call.IsPost && (failure = await FormFailure.Submit(call, () => Change(call, repository))) is null)
            return;

        var details = await catalogue.Find(repository, call.Cancel);
        List<MemberRow> collaborators = [];
        if (!call.Shell.Open)
        {
            foreach (var right in await accounts.Collaborators.List(call.Caller, name, call.Cancel))
            {
                if (!right.Team)
                    collaborators.Add(new MemberRow(right.Holder, LevelWord.Of(right.Level)));
            }
        }

        List<WebhookRow> hooks = [];
        foreach (var hook in await webhooks.List(repository, call.Cancel))
            hooks.Add(new WebhookRow(hook.Id, hook.Url, hook.Events, hook.Active, hook.LastStatus, hook.LastFailure) { Deliveries = await Deliveries(repository, hook.Id, call.Cancel) });
        await call.Page(
            RepositorySettingsPage.Render(call.FormShell(), new RepositorySettingsModel
            {
                Name = name,
                Description = failure is not null && call.Field("do") == "save" ? call.Field("description") : details?.Entry.Description ?? "",
                Readme = failure is not null && call.Field("do") == "save" ? call.Field("readme") : details?.Readme ?? "",
                Private = details?.Entry.Private == true,
                Collaborators = collaborators,
                Webhooks = hooks,
                Failure = failure,
            }),
            failure is null ? 200 : 422);
    }

    /// <summary>Does what one of the page's forms asks for; where to go on.</summary>
    private async ValueTask<string> Change(SiteCall call, Repository repository)
    {
        switch (call.Field("do"))
        {
            case "save":
                var (description, readme) = (call.Field("description").Trim(), call.Field("readme").Replace("\r\n", "\n", StringComparison.Ordinal));
                CheckTexts(description, readme);
                if (!call.Shell.Open)
                    await accounts.Access.SetPrivate(call.Caller, repository.Name, call.Field("visibility") == "private", call.Cancel);
                await catalogue.Describe(repository, description, readme, call.Cancel);
                break;
            case "add-collaborator":
                await accounts.Collaborators.Set(call.Caller, repository.Name, call.Field("person").Trim().ToLowerInvariant(), LevelWord.Parse(call.Field("level")), call.Cancel);
                break;
            case "remove-collaborator":
                await accounts.Collaborators.Set(call.Caller, repository.Name, call.Field("name"), AccessLevel.None, call.Cancel);
                break;
            case "add-webhook":
                var events = call.Field("events");
                await webhooks.Add(call.Caller, repository, call.Field("url"), call.Field("secret"), events.Contains("push", StringComparison.Ordinal), events.Contains("delete", StringComparison.Ordinal), call.Cancel);
                break;
            case "remove-webhook":
                await webhooks.Remove(call.Caller, repository, Number(call, "id"), call.Cancel);
                break;
            case "disable-webhook" or "enable-webhook":
                await webhooks.SetActive(repository, Number(call, "id"), call.Field("do") == "enable-webhook", call.Cancel);
                break;
            case "redeliver":
                await webhooks.Redeliver(repository, Number(call, "delivery"), call.Cancel);
                break;
            case "delete" when call.Field("confirm").Trim() == repository.Name:
                await accounts.Access.Delete(call.Caller, repository.Name, call.Cancel);
                return "/?done=repository";
            case "delete":
                throw new RefusedException(Refusal.Confirmation, ErrorKind.InvalidArgument, "that is not the name");
            default:
                throw new RefusedException(Refusal.NoForm, ErrorKind.NotFound, "no such form");
        }

        return $"{Links.RepositorySettings(repository.Name)}?done=saved";
    }

    private async ValueTask<List<DeliveryRow>> Deliveries(Repository repository, long hook, CancellationToken cancel)
    {
        List<DeliveryRow> rows = [];
        foreach (var delivery in await webhooks.Deliveries(repository, hook, DeliveriesOfHook, cancel))
            rows.Add(new DeliveryRow(delivery.Id, delivery.Event, delivery.Created, delivery.Attempts, delivery.Status, delivery.Failure, delivery.Next is not null));
        return rows;
    }

    private static long Number(SiteCall call, string field) => long.TryParse(call.Field(field), out var number) ? number : 0;

    private async ValueTask DeleteTag(SiteCall call, string name)
    {
        if (!call.IsPost)
            throw NaruException.NotFound("");
        var repository = await accounts.Access.Require(call.Caller, name, RepositoryAction.Delete, call.Cancel);
        await call.ReadForm();
        await manifests.Delete(repository, call.Caller, Names.CheckTag(call.Field("tag")), call.Cancel);
        await call.Redirect($"{Links.Repository(name)}?done=tag");
    }

    private static void CheckTexts(string description, string readme)
    {
        if (description.Length > LongestDescription || description.AsSpan().ContainsAnyInRange('\0', '\x1f'))
            throw new RefusedException(Refusal.Description, ErrorKind.InvalidArgument, $"a description is one line of at most {LongestDescription} characters", $"{LongestDescription}");
        if (readme.Length > LongestReadme || readme.Contains('\0'))
            throw new RefusedException(Refusal.TextLong, ErrorKind.InvalidArgument, $"a readme has at most {LongestReadme} characters", $"{LongestReadme}");
    }
}

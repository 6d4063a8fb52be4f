using Naru.Base;
using Naru.Hub;
using Naru.Hub.Accounts;
using Naru.Hub.Catalogue;
using Naru.Hub.Gc;
using Naru.HubServer.Site.Locale;
using Naru.HubServer.Site.Models;
using Naru.HubServer.Site.Pages;

namespace Naru.HubServer.Site.Routes;

/// <summary>The pages of those who run the registry; for everybody else there are none.</summary>
/// <param name="options">What may be collected, as whoever started the program decided.</param>
internal sealed class AdminRoutes(AccountRooms accounts, RepositoryCatalogue catalogue, GarbageCollector garbage, GarbageOptions options) : ISiteRoutes
{
    private const int UsersOfPage = 50;
    private const int Largest = 10;

    /// <summary>A collection was begun here that has not ended: it may not have said so yet.</summary>
    private volatile bool starting;

    public async ValueTask<bool> TryHandle(SiteCall call, string path)
    {
        if (!call.Caller.Admin)
            return false;
        switch (path)
        {
            case "/admin":
                await Overview(call);
                return true;
            case "/admin/users":
                await Users(call);
                return true;
            case "/admin/collect" when call.IsPost:
                await call.ReadForm();
                Collect(call.Caller);
                await call.Redirect("/admin");
                return true;
            case "/admin/collection":
                var collection = await Collection(call.Texts, call.Cancel);
                await SiteResponse.Json(call.Context, writer => SiteJson.Collection(writer, collection));
                return true;
            default:
                return false;
        }
    }

    private async ValueTask Overview(SiteCall call)
    {
        var counts = await catalogue.Counts(call.Cancel);
        List<UsageRow> largest = [];
        foreach (var usage in await catalogue.Largest(Largest, call.Cancel))
            largest.Add(new UsageRow(usage.Account, usage.Size, usage.Quota ?? accounts.Quotas.Default));
        await call.Page(AdminPages.Storage(call.FormShell(), new AdminModel
        {
            Accounts = counts.Accounts,
            Repositories = counts.Repositories,
            Tags = counts.Tags,
            Blobs = counts.Blobs,
            Size = counts.Size,
            Largest = largest,
            Collection = await Collection(call.Texts, call.Cancel),
        }));
    }

    /// <summary>Begins a collection, which goes on when whoever asked for it has left.</summary>
    private void Collect(Caller caller)
    {
        starting = true;
        _ = Task.Run(async () =>
        {
            try
            {
                await garbage.Collect(options, caller, CancellationToken.None);
            }
            catch (NaruException e)
            {
                Log.Error($"collect garbage: {e.Message}");
            }
            finally
            {
                starting = false;
            }
        });
    }

    private async ValueTask<CollectionModel> Collection(Texts t, CancellationToken cancel)
    {
        var progress = await garbage.Progress(cancel);
        if (progress is null)
            return new CollectionModel { Running = starting };
        var report = progress.Report;
        return new CollectionModel
        {
            Running = starting || progress.Running,
            Started = progress.Started,
            Ended = progress.Running ? null : progress.At,
            Phase = progress.Running ? t.GarbageStage(progress.Stage) : "",
            Done = progress.Running ? (long)progress.Stage : 0,
            Total = progress.Running ? (long)GarbageStage.Done : 0,
            Removed = report.Uploads + report.Images + report.Manifests + report.Blobs + report.Objects,
            Freed = report.BlobBytes + report.ObjectBytes,
            Failure = progress.Failure,
        };
    }

    private async ValueTask Users(SiteCall call)
    {
        string? failure = null;
        if (call.IsPost && (failure = await FormFailure.Submit(call, () => Change(call, call.Field("name")))) is null)
            return;

        var (filter, page) = (call.Query("q").ToLowerInvariant(), call.PageNumber());
        var found = await catalogue.Accounts(filter, (page - 1) * UsersOfPage, UsersOfPage + 1, call.Cancel);
        List<UserRow> rows = [];
        for (var i = 0; i < Math.Min(found.Count, UsersOfPage); i++)
            rows.Add(new UserRow(found[i].Name, found[i].FullName, found[i].Email, found[i].Organisation, found[i].Admin, found[i].Disabled, found[i].Created));
        await call.Page(AdminPages.Users(call.FormShell(), new UsersModel(rows, filter, page, found.Count > UsersOfPage, failure)
        {
            SignUpOpen = await accounts.Users.IsSignUpOpen(call.Cancel),
            New = call.Field("do") == "add" ? new SignModel(call.Field("name"), call.Field("email")) : new SignModel(),
        }), failure is null ? 200 : 422);
    }

    /// <summary>Does what one of the page's forms asks for; where to go on.</summary>
    private async ValueTask<string> Change(SiteCall call, string name)
    {
        switch (call.Field("do"))
        {
            case "add":
                await accounts.Users.Create(call.Caller, new NewAccount(name.Trim().ToLowerInvariant(), "", call.Field("email").Trim()), call.Field("password"), call.Cancel);
                break;
            case "open-sign-up" or "close-sign-up":
                await accounts.Users.SetSignUp(call.Caller, call.Field("do") == "open-sign-up", call.Cancel);
                break;
            case "disable" or "enable":
                await accounts.Users.SetDisabled(call.Caller, name, call.Field("do") == "disable", call.Cancel);
                break;
            default:
                throw new RefusedException(Refusal.NoForm, ErrorKind.NotFound, "no such form");
        }

        return "/admin/users?done=saved";
    }
}

using Naru.Base;
using Naru.Hub.Accounts;
using Naru.HubServer.Site.Models;
using Naru.HubServer.Site.Pages;

namespace Naru.HubServer.Site.Routes;

/// <summary>Signing in, up and out.</summary>
internal sealed class SignRoutes(AccountRooms accounts) : ISiteRoutes
{
    public async ValueTask<bool> TryHandle(SiteCall call, string path)
    {
        if (call.Shell.Open)
            return false;
        switch (path)
        {
            case "/sign-in":
                await SignIn(call);
                return true;
            case "/sign-up":
                await SignUp(call);
                return true;
            case "/sign-out" when call.IsPost:
                await call.ReadForm();
                await accounts.Logins.SignOut(call.Context.Request.Cookies[SiteCall.SessionCookie], call.Cancel);
                call.SetSession(null);
                await call.Redirect("/");
                return true;
            default:
                return false;
        }
    }

    private async ValueTask SignIn(SiteCall call)
    {
        var open = await accounts.Users.IsSignUpOpen(call.Cancel);
        var model = new SignModel(Next: Links.Local(call.Query("next")));
        if (call.IsPost)
        {
            await call.ReadForm();
            model = new SignModel(call.Field("name").Trim(), Next: Links.Local(call.Field("next")));
            if (await Enter(call, model.Name, call.Field("password"), model) is not { } failure)
                return;
            model = model with { Failure = failure };
        }

        await call.Page(SignPages.SignIn(call.FormShell() with { SignUp = open }, model), model.Failure is null ? 200 : 422);
    }

    private async ValueTask SignUp(SiteCall call)
    {
        var open = await accounts.Users.IsSignUpOpen(call.Cancel);
        var model = new SignModel();
        if (call.IsPost)
        {
            await call.ReadForm();
            model = new SignModel(call.Field("name").Trim().ToLowerInvariant(), call.Field("email").Trim());
            try
            {
                await accounts.Users.SignUp(call.Caller.Address, new NewAccount(model.Name, "", model.Email), call.Field("password"), call.Cancel);
                if (await Enter(call, model.Name, call.Field("password"), model) is not { } failure)
                    return;
                model = model with { Failure = failure };
            }
            catch (NaruException e) when (FormFailure.IsTheirs(e))
            {
                model = model with { Failure = FormFailure.Text(call.Texts, e) };
            }
        }

        await call.Page(SignPages.SignUp(call.FormShell() with { SignUp = open }, model), model.Failure is null ? 200 : 422);
    }

    /// <summary>Signs the browser in and goes on; what is wrong, when it is not let in.</summary>
    private async ValueTask<string?> Enter(SiteCall call, string name, string password, SignModel model)
    {
        try
        {
            call.SetSession(await accounts.Logins.SignIn(name, password, call.Caller.Address, call.Context.Request.Headers.UserAgent.ToString(), call.Cancel));
        }
        catch (NaruException e) when (FormFailure.IsTheirs(e))
        {
            return FormFailure.Text(call.Texts, e);
        }

        await call.Redirect(model.Next);
        return null;
    }
}

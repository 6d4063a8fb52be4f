using Naru.Base;
using Naru.Hub;
using Naru.Hub.Registry;
using Naru.HubServer.Site.Locale;

namespace Naru.HubServer.Site.Routes;

/// <summary>Why what was sent cannot be done, as the form says it.</summary>
internal static class FormFailure
{
    /// <summary>Whoever filled in the form can do something about it.</summary>
    public static bool IsTheirs(NaruException e) => e is RegistryException { Code: RegistryErrorCode.Unauthorized or RegistryErrorCode.Denied or RegistryErrorCode.TooManyRequests or RegistryErrorCode.NameInvalid or RegistryErrorCode.Unsupported }
        || (e is not RegistryException && e.Kind is ErrorKind.InvalidArgument or ErrorKind.AlreadyExists or ErrorKind.Conflict or ErrorKind.FailedPrecondition or ErrorKind.PermissionDenied or ErrorKind.NotFound);

    /// <summary>Reads the form, does what it asks for, and leads on to the page that <paramref name="change"/> names; null then. Else why not, for the form to say, where it is theirs.</summary>
    public static async ValueTask<string?> Submit(SiteCall call, Func<ValueTask<string>> change)
    {
        await call.ReadForm();
        try
        {
            await call.Redirect(await change());
            return null;
        }
        catch (NaruException e) when (IsTheirs(e))
        {
            return Text(call.Texts, e);
        }
    }

    public static string Text(Texts t, NaruException e) => e switch
    {
        RegistryException known => t.Refused(known),
        RefusedException known => t.Refused(known),
        _ => t.FormRefused(e.Message),
    };
}

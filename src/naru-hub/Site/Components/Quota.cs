using Naru.HubServer.Site.Markup;
using Naru.HubServer.Site.Models;

namespace Naru.HubServer.Site.Components;

/// <summary>How much of its quota an account holds.</summary>
internal static class Quota
{
    public static Html Panel(Shell shell, QuotaModel quota)
    {
        var t = shell.Texts;
        return $"""<section class="panel"><h2>{t.Storage}</h2>{Line(shell, quota)}<p class="hint">{t.StorageHint}</p></section>""";
    }

    /// <summary>The words and, where there is a limit, the bar.</summary>
    public static Html Line(Shell shell, QuotaModel quota)
    {
        var t = shell.Texts;
        if (quota.Limit is not { } limit)
            return $"""<p class="quota"><b>{t.Size(quota.Used)}</b> <span class="muted">{t.NoQuota}</span></p>""";
        return $"""<p class="quota"><b>{t.UsedOf(t.Size(quota.Used), t.Size(limit))}</b><meter min="0" max="{Math.Max(1, limit)}" value="{quota.Used}" aria-label="{t.Storage}"></meter></p>""";
    }
}

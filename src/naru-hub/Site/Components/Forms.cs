using Naru.HubServer.Site.Markup;

namespace Naru.HubServer.Site.Components;

/// <summary>The parts of forms.</summary>
internal static class Forms
{
    /// <summary>The value that shows that a form comes from a page of this site.</summary>
    public static Html Token(Shell shell) => $"""<input type="hidden" name="csrf" value="{shell.Csrf}">""";

    public static Html? Failure(string? message) =>
        message is null ? null : (Html)$"""<p class="notice bad" role="alert">{message}</p>""";

    /// <summary>A labelled line of text. <paramref name="attributes"/> are the page's own: type, limits, what browsers fill in.</summary>
    public static Html Field(string name, string label, string value, Html attributes, string? hint = null) => $"""
        <div class="field"><label for="{name}">{label}</label><input id="{name}" name="{name}" value="{value}" {attributes}{(hint is null ? null : (Html)$" aria-describedby=\"{name}-hint\"")}>{Hint(name, hint)}</div>
        """;

    public static Html Area(string name, string label, string value, int rows, string? hint = null) => $"""
        <div class="field"><label for="{name}">{label}</label><textarea id="{name}" name="{name}" rows="{rows}" spellcheck="false"{(hint is null ? null : (Html)$" aria-describedby=\"{name}-hint\"")}>
        {value}</textarea>{Hint(name, hint)}</div>
        """;

    /// <summary>A choice of one: values and what they are called, by turns.</summary>
    public static Html Select(string name, string label, string chosen, IReadOnlyList<string> valuesAndLabels)
    {
        Html options = $"";
        for (var i = 0; i + 1 < valuesAndLabels.Count; i += 2)
            options.AppendFormatted((Html)$"<option value=\"{valuesAndLabels[i]}\"{(valuesAndLabels[i] == chosen ? (Html)$" selected" : null)}>{valuesAndLabels[i + 1]}</option>");
        return $"""
            <div class="field"><label for="{name}">{label}</label><select id="{name}" name="{name}">{options}</select></div>
            """;
    }

    /// <summary>A choice of yes or no; the form holds the name with <c>1</c>, or not at all.</summary>
    public static Html Check(string name, string label, bool isChecked, string hint) => $"""
        <label class="choice"><input type="checkbox" name="{name}" value="1"{(isChecked ? (Html)$" checked" : null)}><span><b>{label}</b><span class="hint">{hint}</span></span></label>
        """;

    /// <summary>A form that is one button.</summary>
    public static Html Button(Shell shell, string action, Html hidden, string label, string? spoken = null, string style = "quiet small") => $"""
        <form class="inline" method="post" action="{action}">{Token(shell)}{hidden}<button class="button {style}"{(spoken is null ? null : (Html)$" aria-label=\"{spoken}\"")}>{label}</button></form>
        """;

    public static Html Hidden(string name, string value) => $"""<input type="hidden" name="{name}" value="{value}">""";

    private static Html? Hint(string name, string? hint) => hint is null ? null : (Html)$"""<p class="hint" id="{name}-hint">{hint}</p>""";
}

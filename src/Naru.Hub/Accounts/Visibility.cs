using System.Globalization;
using Naru.Hub.Accounts.Tokens;

namespace Naru.Hub.Accounts;

/// <summary>Which repositories somebody may see, as a condition for a query that lists them: the same that <see cref="Access"/> answers one by one.</summary>
/// <param name="Condition">SQL about one row of <c>repository</c>.</param>
/// <param name="Parameters">What its parameters are, from the number that was asked for on.</param>
public sealed record Visibility(string Condition, IReadOnlyList<object?> Parameters)
{
    /// <param name="alias">The table's name in the query.</param>
    /// <param name="first">The number of the first parameter that is free.</param>
    public static Visibility Of(Caller caller, string alias, int first)
    {
        if (caller.Account is null && caller.Credential != Credential.Machine)
            return new($"{alias}.private = 0", []);
        return caller.Allowance switch
        {
            Allowance.Scoped { Scopes: var scopes } => Scoped(caller, scopes, alias, first),
            Allowance.Listed listed when !HasCatalog(listed) => new($"{alias}.private = 0", []),
            _ => Whole(caller, alias, first),
        };
    }

    /// <summary>The parameters of a query: those before, and these.</summary>
    public object?[] With(params object?[] before) => [.. before, .. Parameters];

    private static Visibility Whole(Caller caller, string alias, int first) => caller.Admin ? new("1 = 1", []) : new(
        $"""
        ({alias}.private = 0 OR {alias}.account = ${first}
        OR EXISTS (SELECT 1 FROM member vm WHERE vm.organisation = {alias}.account AND vm.account = ${first} AND vm.role = 'owner')
        OR EXISTS (SELECT 1 FROM collaborator vc WHERE vc.repository = {alias}.id AND vc.account = ${first})
        OR EXISTS (SELECT 1 FROM team_grant vg JOIN team_member vt ON vt.team = vg.team WHERE vg.repository = {alias}.id AND vt.account = ${first}))
        """,
        [caller.Account]);

    private static Visibility Scoped(Caller caller, TokenScopes scopes, string alias, int first)
    {
        if (scopes.Most is null)
            return new($"{alias}.private = 0", []);
        var whole = Whole(caller, alias, first);
        if (scopes.Repositories.Count == 0)
            return whole;
        var parameters = new List<object?>(whole.Parameters);
        var names = new List<string>();
        foreach (var pattern in scopes.Repositories)
        {
            var number = string.Create(CultureInfo.InvariantCulture, $"${first + parameters.Count}");
            var below = pattern.EndsWith('*');
            names.Add(below ? $"SUBSTR({alias}.name, 1, LENGTH({number})) = {number}" : $"{alias}.name = {number}");
            parameters.Add(below ? pattern[..^1] : pattern);
        }

        return new($"({alias}.private = 0 OR ({whole.Condition} AND ({string.Join(" OR ", names)})))", parameters);
    }

    private static bool HasCatalog(Allowance.Listed listed)
    {
        foreach (var entry in listed.Access)
        {
            if (entry is { Type: ScopeAccess.Registry, Name: "catalog" } && entry.Has("*"))
                return true;
        }

        return false;
    }
}

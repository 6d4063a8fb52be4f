using Naru.Base;
using Naru.Hub.Catalogue;
using Naru.Hub.Metadata;
using Naru.Hub.Mirrors;
using Naru.Hub.Registry;

namespace Naru.Hub.Accounts;

/// <summary>Who may do what to which repository: the one place that decides it.</summary>
/// <remarks>
/// The first component of a name is the account that owns it; names of one component and those below <c>library/</c> are the administrators'.
/// A private repository and one that does not exist get the same answer by the same statements: only what may be seen is remembered, so that being remembered tells nothing.
/// What another process changed is seen after <see cref="Stale"/>; what this one changed, at once.
/// </remarks>
/// <param name="open">Names belong to nobody, and everybody may do everything: a registry for one machine or one trusted network.</param>
/// <param name="mirrors">Whose repositories nobody pushes to, and who may pull them.</param>
public sealed class Access(IDatabase database, bool open, Freshness? freshness = null, TimeProvider? clock = null, MirrorList? mirrors = null)
{
    /// <summary>How long a right that another process took away may still be used here.</summary>
    public static readonly TimeSpan Stale = TimeSpan.FromSeconds(3);

    private const string Library = "library";

    private readonly Freshness freshness = freshness ??= new Freshness();
    private readonly Memory<Standing> seen = new(freshness, clock ?? TimeProvider.System, Stale, 20_000);

    public bool Open => open;

    /// <summary>The repository, if <paramref name="caller"/> may do this to it. A first push makes it.</summary>
    /// <exception cref="RegistryException">NAME_INVALID; NAME_UNKNOWN: it is not there, or is nobody's business; UNAUTHORIZED: signing in may help; DENIED.</exception>
    public async ValueTask<Repository> Require(Caller caller, string name, RepositoryAction action, CancellationToken cancel)
    {
        Names.CheckName(name);
        if (action == RepositoryAction.Push)
            CheckOwn(name);
        if (await Look(caller, name, cancel) is { Level: not AccessLevel.None } standing)
        {
            if (open || MayUse(caller, standing, action))
                return standing.Repository;
            throw Refused(caller, standing, action);
        }

        // The same for a name that is not there and one that is not to be seen, in the same order.
        var creates = action == RepositoryAction.Push && await MayCreate(caller, name, cancel);
        if (creates && caller.Allowance.Allows(name, RepositoryAction.Push))
            return await Make(caller, name, null, cancel);
        throw open ? Unknown(name) : creates && caller.Allowance is Allowance.Listed ? Narrow(name, action) : Hidden(caller, name, action);
    }

    /// <summary>The repository, if it is there and <paramref name="caller"/> may do this to it; makes nothing.</summary>
    public async ValueTask<Repository?> Find(Caller caller, string name, RepositoryAction action, CancellationToken cancel) =>
        Names.IsName(name) && await Look(caller, name, cancel) is { Level: not AccessLevel.None } standing && (open || MayUse(caller, standing, action)) ? standing.Repository : null;

    /// <summary>What <paramref name="caller"/> may do under that name, which need not exist yet: what a signed token may list.</summary>
    public async ValueTask<List<RepositoryAction>> Allowed(Caller caller, string name, CancellationToken cancel)
    {
        var allowed = new List<RepositoryAction>();
        if (!Names.IsName(name))
            return allowed;
        var standing = await Look(caller, name, cancel);
        var visible = standing is { Level: not AccessLevel.None };

        // A name that is taken but hidden takes the same steps as one that is free.
        var mine = !visible && await MayCreate(caller, name, cancel);
        foreach (var action in (RepositoryAction[])[RepositoryAction.Pull, RepositoryAction.Push, RepositoryAction.Delete, RepositoryAction.Administer])
        {
            if (open || (visible ? MayUse(caller, standing!, action) : mine && caller.Allowance.Allows(name, action)))
                allowed.Add(action);
        }

        if (!visible && !mine && (mirrors?.Parse(name) ?? mirrors?.Default(name)) is { } mirrored && mirrored.Mirror.Admits(caller)
            && (mirrored.Mirror.Public || caller.Allowance.Allows(name, RepositoryAction.Pull)))
            allowed.Add(RepositoryAction.Pull);
        return allowed;
    }

    /// <summary>Checks that <paramref name="caller"/> may pull a mirrored repository, which need not be here yet.</summary>
    /// <param name="asked">The name it was asked for by, which is what a signed token lists.</param>
    /// <exception cref="RegistryException">NAME_INVALID, UNAUTHORIZED, NAME_UNKNOWN.</exception>
    public void CheckPull(Caller caller, MirroredName at, string asked)
    {
        Names.CheckName(at.Name);
        if (open || at.Mirror.Public)
            return;
        if (!at.Mirror.Admits(caller))
            throw Hidden(caller, at.Name, RepositoryAction.Pull);
        if (!caller.Allowance.Allows(at.Name, RepositoryAction.Pull) && !caller.Allowance.Allows(asked, RepositoryAction.Pull))
            throw caller.Allowance is Allowance.Listed ? Narrow(at.Name, RepositoryAction.Pull) : Hidden(caller, at.Name, RepositoryAction.Pull);
    }

    /// <summary>Whether a name is for this registry to answer: a repository that the caller may see, or one below an account that is here. Other names may be a mirror's.</summary>
    public async ValueTask<bool> Owns(Caller caller, string name, CancellationToken cancel) =>
        await Look(caller, name, cancel) is { Level: not AccessLevel.None }
        || (!open && Mine(name) is { } first && await database.Read(session => AccessQueries.Owner(session, first, 0), cancel) is not null);

    /// <summary>Makes an empty repository; <paramref name="hidden"/> null is the account's default.</summary>
    /// <exception cref="NaruException">AlreadyExists; what <see cref="Require"/> throws.</exception>
    public async ValueTask<Repository> Create(Caller caller, string name, bool? hidden, CancellationToken cancel)
    {
        Names.CheckName(name);
        CheckOwn(name);
        if (!open && !(await MayCreate(caller, name, cancel) && caller.Allowance.Allows(name, RepositoryAction.Administer)))
            throw Hidden(caller, name, RepositoryAction.Administer);
        var before = await database.Read(session => session.Number("SELECT id FROM repository WHERE name = $1", name), cancel);
        return before is null ? await Make(caller, name, hidden, cancel) : throw new RefusedException(Refusal.RepositoryTaken, ErrorKind.AlreadyExists, $"the repository {name} exists already", name);
    }

    /// <summary>Shows a repository to everybody, or hides it.</summary>
    /// <exception cref="RegistryException">As <see cref="Require"/>.</exception>
    public async ValueTask SetPrivate(Caller caller, string name, bool hidden, CancellationToken cancel)
    {
        var repository = await Require(caller, name, RepositoryAction.Administer, cancel);
        await database.Write(async session =>
        {
            await session.Execute("UPDATE repository SET private = $1 WHERE id = $2", hidden ? 1L : 0L, repository.Id);
            await AuditTrail.Add(session, caller, hidden ? AuditAction.RepositoryHidden : AuditAction.RepositoryShown, name, "");
            return "";
        }, cancel);
        Forget();
    }

    /// <summary>Takes a repository away with its tags, manifests, rights and hooks. Bytes that nothing else names go with the next collection.</summary>
    /// <exception cref="RegistryException">As <see cref="Require"/>.</exception>
    public async ValueTask Delete(Caller caller, string name, CancellationToken cancel)
    {
        var repository = await Require(caller, name, RepositoryAction.Administer, cancel);
        await database.Write(async session =>
        {
            await session.Execute("DELETE FROM repository WHERE id = $1", repository.Id);
            await AuditTrail.Add(session, caller, AuditAction.RepositoryDeleted, name, "");
            return "";
        }, cancel);
        Forget();
    }

    /// <summary>After rights or repositories were changed by others than this class: a repository was deleted, say.</summary>
    public void Forget() => freshness.Changed();

    private static bool MayUse(Caller caller, Standing standing, RepositoryAction action) =>
        standing.Level.Allows(action) && (caller.Allowance.Allows(standing.Repository.Name, action)
            || (action == RepositoryAction.Pull && !standing.Repository.Private && caller.Allowance is not Allowance.Listed));

    /// <summary>Why somebody who may see a repository may not do this to it.</summary>
    private static RegistryException Refused(Caller caller, Standing standing, RepositoryAction action)
    {
        var name = standing.Repository.Name;
        if (standing.Level.Allows(action) && caller.Allowance is Allowance.Listed)
            return Narrow(name, action);

        // A token that is not for this repository sees no more of it than a stranger.
        if (standing.Repository.Private && caller.Allowance is Allowance.Scoped && !caller.Allowance.Allows(name, RepositoryAction.Pull))
            return Hidden(caller, name, action);
        return caller.Account is null
            ? Hidden(caller, name, action)
            : new RegistryException(RegistryErrorCode.Denied, standing.Level.Allows(action) ? "the token's scopes do not allow this" : "requested access to the resource is denied", name);
    }

    private static RegistryException Narrow(string name, RepositoryAction action) =>
        new(RegistryErrorCode.Unauthorized, "authentication required", name) { Scope = Tokens.ScopeAccess.For(name, action), TokenError = "insufficient_scope" };

    /// <summary>What is said of a repository that does not exist, and so of one that is private.</summary>
    private static RegistryException Hidden(Caller caller, string name, RepositoryAction action)
    {
        if (caller.Account is null && caller.Credential != Credential.Machine)
        {
            return new RegistryException(RegistryErrorCode.Unauthorized, "authentication required", name)
            {
                Scope = Tokens.ScopeAccess.For(name, action),
                TokenError = caller.Credential == Credential.Bearer ? "insufficient_scope" : null,
            };
        }

        return action == RepositoryAction.Pull || caller is { Admin: true, Allowance: not Allowance.Scoped }
            ? Unknown(name)
            : new RegistryException(RegistryErrorCode.Denied, "requested access to the resource is denied", name);
    }

    /// <exception cref="RegistryException">UNSUPPORTED: the name is another registry's.</exception>
    private void CheckOwn(string name)
    {
        if (mirrors?.Parse(name) is { } mirrored)
            throw new RegistryException(RegistryErrorCode.Unsupported, $"{mirrored.Mirror.Name} is mirrored here: nothing can be pushed to it", name);
    }

    private static RegistryException Unknown(string name) => new(RegistryErrorCode.NameUnknown, "repository name not known to registry", name);

    private async ValueTask<Standing?> Look(Caller caller, string name, CancellationToken cancel)
    {
        var account = caller.Account ?? 0;
        var key = $"{(caller.Admin ? -1 : account)}/{name}";
        if (seen.Recall(key) is { } remembered)
            return remembered;
        var before = freshness.Now;
        var standing = await database.Read(session => AccessQueries.Standing(session, name, account), cancel);
        if (standing is not null && (caller.Admin || open))
            standing = standing with { Level = AccessLevel.Admin };
        else if (standing is { Level: AccessLevel.None } && mirrors?.Parse(name) is { } mirrored && mirrored.Mirror.Admits(caller))
            standing = standing with { Level = AccessLevel.Pull };

        // A name that is not there is never remembered: another process may make it meanwhile, and its pusher comes here next.
        if (standing is { Level: not AccessLevel.None })
            seen.Keep(key, standing, before);
        return standing;
    }

    private async ValueTask<bool> MayCreate(Caller caller, string name, CancellationToken cancel)
    {
        if (open)
            return true;
        if (Mine(name) is not { } first)
            return caller.Admin;
        return await database.Read(session => AccessQueries.Owner(session, first, caller.Account ?? 0), cancel) is { } owner && (owner.Mine || caller.Admin);
    }

    private async ValueTask<Repository> Make(Caller caller, string name, bool? hidden, CancellationToken cancel)
    {
        var made = await database.Write(async session =>
        {
            var owner = !open && Mine(name) is { } first ? await AccessQueries.Owner(session, first, caller.Account ?? 0) : null;
            var added = await session.Execute(
                "INSERT INTO repository (account, name, private, description, readme, created) VALUES ($1, $2, $3, '', '', $4) ON CONFLICT (name) DO NOTHING",
                owner?.Id, name, hidden ?? owner?.Private ?? false ? 1L : 0L, DateTime.UtcNow.Ticks);
            var standing = await AccessQueries.Standing(session, name, caller.Account ?? 0);
            if (added > 0)
            {
                await AuditTrail.Add(session, caller, AuditAction.RepositoryMade, name, "");
                await RepositoryTerms.Write(session, standing!.Repository.Id, name, "");
            }

            return standing;
        }, cancel);

        // Somebody made it in between; the rules are the same, and it is this caller's to make.
        return made!.Repository;
    }

    /// <summary>The account's name in a repository's; null where only administrators may make one.</summary>
    private static string? Mine(string name)
    {
        var slash = name.IndexOf('/');
        return slash < 0 || name.AsSpan(0, slash).SequenceEqual(Library) ? null : name[..slash];
    }
}

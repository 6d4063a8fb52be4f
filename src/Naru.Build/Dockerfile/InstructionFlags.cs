using Naru.Base;

namespace Naru.Build.Dockerfile;

/// <summary>The flags of one instruction, held against those that it has.</summary>
internal sealed class InstructionFlags
{
    private enum Kind
    {
        Text,
        Texts,
        Switch,
    }

    private readonly Dictionary<string, Kind> kinds = [];
    private readonly Dictionary<string, List<string>> values = [];

    public InstructionFlags Text(params ReadOnlySpan<string> names) => Add(Kind.Text, names);

    public InstructionFlags Texts(params ReadOnlySpan<string> names) => Add(Kind.Texts, names);

    public InstructionFlags Switch(params ReadOnlySpan<string> names) => Add(Kind.Switch, names);

    /// <exception cref="NaruException">InvalidArgument, in BuildKit's words.</exception>
    public InstructionFlags Read(IReadOnlyList<string> flags)
    {
        foreach (var flag in flags)
        {
            var equals = flag.IndexOf('=');
            var name = equals < 0 ? flag[2..] : flag[2..equals];
            var value = equals < 0 ? null : flag[(equals + 1)..];
            if (!kinds.TryGetValue(name, out var kind))
                throw NaruException.Invalid(Suggestion.Append($"unknown flag: --{name}", name, kinds.Keys));
            if (values.ContainsKey(name) && kind != Kind.Texts)
                throw NaruException.Invalid($"duplicate flag specified: --{name}");
            if (kind == Kind.Switch)
            {
                value = value?.ToLowerInvariant() ?? "true";
                if (value is not ("" or "true" or "false"))
                    throw NaruException.Invalid($"expecting boolean value for flag --{name}, not: {flag[(equals + 1)..]}");
            }

            if (value is null || (kind == Kind.Switch && value.Length == 0))
                throw NaruException.Invalid($"missing a value on flag: --{name}");
            if (!values.TryGetValue(name, out var list))
                values.Add(name, list = []);
            list.Add(value);
        }

        return this;
    }

    /// <summary>Empty: not given.</summary>
    public string Value(string name) => values.TryGetValue(name, out var list) ? list[0] : "";

    public IReadOnlyList<string> Values(string name) => values.TryGetValue(name, out var list) ? list : [];

    /// <summary>Null: not given.</summary>
    public bool? IsOn(string name) => values.TryGetValue(name, out var list) ? list[0] == "true" : null;

    private InstructionFlags Add(Kind kind, ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            kinds.Add(name, kind);
        return this;
    }
}

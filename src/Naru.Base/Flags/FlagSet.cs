using System.Globalization;

namespace Naru.Base.Flags;

/// <summary>A command's flags and the parser of its words, by pflag's rules.</summary>
/// <remarks>
/// `--name value`, `--name=value`, `-n value`, `-nvalue`, `-n=value`, `-abc`; `--` ends the flags; a lone `-` is a positional.
/// With <see cref="Interspersed"/> off, the first positional ends the flags too (`run IMAGE ls -a`).
/// </remarks>
public sealed class FlagSet
{
    private readonly Dictionary<string, Flag> byName = [];
    private readonly Dictionary<char, Flag> byLetter = [];

    public bool Interspersed { get; set; } = true;

    public IEnumerable<Flag> All => byName.Values;

    /// <summary>How many of the last <see cref="Parse"/>'s positionals stood before `--`; -1 without it.</summary>
    public int PositionalsBeforeDash { get; private set; } = -1;

    /// <summary>True when `--help` or `-h` was met and no flag of that name exists: parsing stopped there.</summary>
    public bool HelpWanted { get; private set; }

    /// <summary>True when it was `-h` that asked for help.</summary>
    public bool HelpByLetter { get; private set; }

    public T Add<T>(T flag)
        where T : Flag
    {
        byName.Add(flag.Name, flag);
        if (flag.Shorthand is { } letter)
            byLetter.Add(letter, flag);
        return flag;
    }

    public ValueFlag<bool> Bool(string name, char? letter, string usage, bool initial = false, bool hidden = false) =>
        Add(new ValueFlag<bool>(name, letter, usage, "", initial, FlagValues.Bool)
        {
            NoOptDefault = "true",
            DefaultText = initial ? "true" : "",
            Hidden = hidden,
        });

    public ValueFlag<string> String(string name, char? letter, string usage, string initial = "", string type = "string", bool hidden = false, Func<string, string>? validate = null) =>
        Add(new ValueFlag<string>(name, letter, usage, type, initial, validate ?? (static text => text))
        {
            DefaultText = initial.Length == 0 ? "" : type == "string" ? GoText.Quote(initial) : initial,
            Hidden = hidden,
        });

    public ValueFlag<long> Int(string name, char? letter, string usage, long initial = 0, string type = "int", bool hidden = false) =>
        Add(new ValueFlag<long>(name, letter, usage, type, initial, FlagValues.Int)
        {
            DefaultText = initial == 0 ? "" : initial.ToString(CultureInfo.InvariantCulture),
            Hidden = hidden,
        });

    public ValueFlag<ulong> Unsigned(string name, char? letter, string usage, int bits, string type = "uint", string defaultText = "", bool hidden = false) =>
        Add(new ValueFlag<ulong>(name, letter, usage, type, 0, text => FlagValues.Unsigned(text, bits)) { DefaultText = defaultText, Hidden = hidden });

    /// <summary>A Go duration ("1m30s"), in nanoseconds.</summary>
    public ValueFlag<long> Duration(string name, char? letter, string usage, long initial = 0, string defaultText = "") =>
        Add(new ValueFlag<long>(name, letter, usage, "duration", initial, Units.GoDuration.Parse)
        {
            DefaultText = initial == 0 ? defaultText : Units.GoDuration.Format(initial),
        });

    /// <summary>A size of memory ("512m", "1g"), in bytes.</summary>
    public ValueFlag<long> Bytes(string name, char? letter, string usage, bool minusOne = false, bool hidden = false) =>
        Add(new ValueFlag<long>(name, letter, usage, "bytes", 0, text => minusOne && text == "-1" ? -1 : Units.ByteSize.ParseRam(text)) { Hidden = hidden });

    /// <summary>Docker's list options: repeated, one value each.</summary>
    public ListFlag List(string name, char? letter, string usage, Func<string, string>? validate = null, string type = "list", bool hidden = false, string defaultText = "") =>
        Add(new ListFlag(name, letter, usage, type, validate, commas: false) { Hidden = hidden, DefaultText = defaultText });

    /// <summary>pflag's string slice: repeated, several values between commas.</summary>
    public ListFlag Slice(string name, char? letter, string usage, bool hidden = false) =>
        Add(new ListFlag(name, letter, usage, "strings", null, commas: true) { Hidden = hidden });

    public Flag? Find(string name) => byName.GetValueOrDefault(name);

    public bool Changed(string name) => Find(name)?.Changed ?? false;

    /// <summary>Sets the flags that <paramref name="words"/> name and returns the positionals.</summary>
    /// <exception cref="FlagException">With pflag's text.</exception>
    public List<string> Parse(IReadOnlyList<string> words)
    {
        var positionals = new List<string>();
        for (var at = 0; at < words.Count && !HelpWanted; at++)
        {
            var word = words[at];
            if (word.Length < 2 || word[0] != '-')
            {
                if (!Interspersed)
                {
                    positionals.AddRange(words.Skip(at));
                    return positionals;
                }

                positionals.Add(word);
            }
            else if (word == "--")
            {
                PositionalsBeforeDash = positionals.Count;
                positionals.AddRange(words.Skip(at + 1));
                return positionals;
            }
            else if (word[1] == '-')
            {
                ParseLong(word, words, ref at);
            }
            else
            {
                ParseLetters(word, words, ref at);
            }
        }

        return positionals;
    }

    private void ParseLong(string word, IReadOnlyList<string> words, ref int at)
    {
        var body = word[2..];
        if (body[0] is '-' or '=')
            throw new FlagException($"bad flag syntax: {word}");
        var equals = body.IndexOf('=');
        var name = equals < 0 ? body : body[..equals];
        if (Find(name) is not { } flag)
        {
            if (name == "help")
            {
                HelpWanted = true;
                return;
            }

            throw new FlagException($"unknown flag: --{name}");
        }

        if (equals >= 0)
            flag.Set(body[(equals + 1)..]);
        else if (flag.NoOptDefault is { } implied)
            flag.Set(implied);
        else if (at + 1 < words.Count)
            flag.Set(words[++at]);
        else
            throw new FlagException($"flag needs an argument: {word}");
    }

    private void ParseLetters(string word, IReadOnlyList<string> words, ref int at)
    {
        for (var rest = word[1..]; rest.Length > 0;)
        {
            var letter = rest[0];
            if (FindLetter(letter) is not { } flag)
            {
                if (letter == 'h')
                {
                    HelpWanted = HelpByLetter = true;
                    return;
                }

                throw new FlagException($"unknown shorthand flag: '{letter}' in -{rest}");
            }

            if (rest.Length > 2 && rest[1] == '=')
            {
                flag.Set(rest[2..]);
                return;
            }

            if (flag.NoOptDefault is { } implied)
            {
                flag.Set(implied);
                rest = rest[1..];
                continue;
            }

            if (rest.Length > 1)
                flag.Set(rest[1..]);
            else if (at + 1 < words.Count)
                flag.Set(words[++at]);
            else
                throw new FlagException($"flag needs an argument: '{letter}' in -{rest}");
            return;
        }
    }

    private Flag? FindLetter(char letter) => byLetter.GetValueOrDefault(letter);
}

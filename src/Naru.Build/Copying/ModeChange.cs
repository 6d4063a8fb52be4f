using Naru.Base;

namespace Naru.Build.Copying;

/// <summary>COPY's and ADD's --chmod: permission bits in octal, or what chmod(1) takes: <c>u=rwX,go-w</c>.</summary>
internal sealed class ModeChange
{
    private const uint All = 0xFFF, SetUid = 0x800, SetGid = 0x400, Sticky = 0x200;

    private readonly uint? octal;
    private readonly List<Clause> clauses = [];

    private ModeChange(uint? octal) => this.octal = octal;

    /// <summary>The bits of folders that are made on the way: those of an octal mode, without setuid and its like.</summary>
    public uint? FolderMode => octal & 0x1FF;

    /// <returns>Null for an empty text: no change.</returns>
    /// <exception cref="NaruException">InvalidArgument, in BuildKit's words.</exception>
    public static ModeChange? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        if (char.IsAsciiDigit(text[0]))
            return new ModeChange(Octal(text));
        var change = new ModeChange(null);
        foreach (var clause in text.Split(','))
            change.AddClause(clause);
        return change;
    }

    /// <summary>The bits a file has afterwards.</summary>
    public uint Apply(uint mode, bool isFolder)
    {
        if (octal is { } bits)
            return bits;
        foreach (var clause in clauses)
            mode = clause.Apply(mode, isFolder);
        return mode & All;
    }

    private static uint Octal(string text)
    {
        uint bits = 0;
        foreach (var c in text)
        {
            bits = (bits << 3) | (uint)(c - '0');
            if (c is < '0' or > '7' || bits > All)
                throw NaruException.Invalid($"invalid chmod parameter: '{text}'. it should be octal string and between 0 and 07777");
        }

        return bits;
    }

    private void AddClause(string text)
    {
        var place = 0;
        uint who = 0;
        for (; place < text.Length && Who(text[place]) is var one and > 0; place++)
            who |= one;
        var everybody = who == 0 || who == 0x1FF;
        if (who == 0)
            who = 0x1FF;
        if (place == text.Length)
            throw NaruException.Invalid("invalid syntax");
        while (place < text.Length)
        {
            var operation = text[place++];
            if (operation is not ('+' or '-' or '='))
                throw NaruException.Invalid("invalid syntax");
            var start = place;
            while (place < text.Length && text[place] is not ('+' or '-' or '='))
                place++;
            clauses.Add(new Clause(who, everybody, operation, text[start..place]));
        }
    }

    private static uint Who(char c) => c switch
    {
        'u' => 0x1C0,
        'g' => 0x38,
        'o' => 0x7,
        'a' => 0x1FF,
        _ => 0,
    };

    /// <summary>One operation on the bits of some.</summary>
    private sealed class Clause
    {
        private readonly uint who, fixedBits;
        private readonly bool everybody, searchable;
        private readonly char operation;
        private readonly List<int> copied = [];

        public Clause(uint who, bool everybody, char operation, string bits)
        {
            (this.who, this.everybody, this.operation) = (who, everybody, operation);
            foreach (var bit in bits)
            {
                fixedBits |= bit switch
                {
                    'r' => 0x124 & who,
                    'w' => 0x92 & who,
                    'x' => 0x49 & who,
                    's' => Special & (SetUid | SetGid),
                    't' => everybody ? Sticky : 0,
                    'X' or 'u' or 'g' or 'o' => 0,
                    _ => throw NaruException.Invalid("invalid syntax"),
                };
                searchable |= bit == 'X';
                if (bit is 'u' or 'g' or 'o')
                    copied.Add(bit == 'u' ? 6 : bit == 'g' ? 3 : 0);
            }
        }

        /// <summary>setuid goes with the user, setgid with the group.</summary>
        private uint Special => ((who & 0x1C0) != 0 ? SetUid : 0) | ((who & 0x38) != 0 ? SetGid : 0) | (everybody ? Sticky : 0);

        public uint Apply(uint mode, bool isFolder)
        {
            var bits = fixedBits;
            if (searchable && (isFolder || (mode & 0x49) != 0))
                bits |= 0x49 & who;
            foreach (var place in copied)
            {
                var one = (mode >> place) & 7;
                bits |= ((one << 6) | (one << 3) | one) & who;
            }

            return operation switch
            {
                '+' => mode | bits,
                '-' => mode & ~bits,
                _ => (mode & ~(who | Special)) | bits,
            };
        }
    }
}

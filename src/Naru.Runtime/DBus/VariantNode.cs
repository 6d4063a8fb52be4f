using System.Globalization;
using Naru.Base;

namespace Naru.Runtime.DBus;

/// <summary>What was written, before its type is known.</summary>
/// <param name="Given">The signature that was written before it; null where none was.</param>
internal abstract record VariantNode(string? Given)
{
    /// <summary>The signature: given, or what the writing alone tells; null where it tells nothing (an empty array).</summary>
    public string? TypeOf() => Given ?? Infer();

    /// <summary>The value as one of a type.</summary>
    /// <exception cref="NaruException">InvalidArgument: it is none of that type.</exception>
    public DBusValue As(string type) => (Given ?? type) == type ? Convert(type) : throw Unlike(type);

    protected abstract string? Infer();

    protected abstract DBusValue Convert(string type);

    protected NaruException Unlike(string type) => NaruException.Invalid($"dbus: can't parse {this} as type \"{type}\"");

    internal sealed record Number(string? Given, string Word) : VariantNode(Given)
    {
        protected override string Infer() => !Word.Contains('x') && Word.IndexOfAny(['.', 'e', 'E']) >= 0 ? "d" : "i";

        protected override DBusValue Convert(string type)
        {
            if (type == "d")
            {
                return double.TryParse(Word, NumberStyles.Float, CultureInfo.InvariantCulture, out var real)
                    ? new DBusValue.Number('d', BitConverter.DoubleToUInt64Bits(real)) : throw Bad();
            }

            var (low, high) = type switch
            {
                "y" => (0, byte.MaxValue),
                "n" => (short.MinValue, short.MaxValue),
                "q" => (0, ushort.MaxValue),
                "i" => (int.MinValue, int.MaxValue),
                "u" => (0, uint.MaxValue),
                "x" => (long.MinValue, long.MaxValue),
                "t" => ((Int128)0, (Int128)ulong.MaxValue),
                _ => throw Unlike(type),
            };
            var value = Whole();
            return value >= low && value <= high ? new DBusValue.Number(type[0], (ulong)(UInt128)value) : throw NaruException.Invalid($"\"{Word}\": value out of range");
        }

        public override string ToString() => $"\"{Word}\"";

        /// <summary>0x… is hexadecimal, 0… octal.</summary>
        private Int128 Whole()
        {
            var digits = Word.TrimStart('+', '-');
            if (Word.Length - digits.Length > 1 || digits.Length == 0)
                throw Bad();
            var radix = digits.StartsWith("0x", StringComparison.Ordinal) ? 16 : digits[0] == '0' ? 8 : 10;
            if (radix == 16 && digits.Length == 2)
                throw Bad();
            Int128 value = 0;
            foreach (var letter in radix == 16 ? digits[2..] : digits)
            {
                if (!char.IsAsciiHexDigit(letter) || System.Convert.ToInt32(letter.ToString(), 16) is var digit && digit >= radix || value > ulong.MaxValue)
                    throw Bad();
                value = value * radix + digit;
            }

            return Word[0] == '-' ? -value : value;
        }

        private NaruException Bad() => NaruException.Invalid($"bad number syntax: \"{Word}\"");
    }

    internal sealed record Boolean(string? Given, bool Value) : VariantNode(Given)
    {
        protected override string Infer() => "b";

        protected override DBusValue Convert(string type) => type == "b" ? DBusValue.Of(Value) : throw Unlike(type);

        public override string ToString() => Value ? "\"true\"" : "\"false\"";
    }

    internal sealed record Text(string? Given, string Value) : VariantNode(Given)
    {
        protected override string Infer() => "s";

        protected override DBusValue Convert(string type) => type is "s" or "o" or "g" ? new DBusValue.Text(type[0], Value) : throw Unlike(type);

        public override string ToString() => $"\"{Value}\"";
    }

    internal sealed record Bytes(string? Given, byte[] Value) : VariantNode(Given)
    {
        protected override string Infer() => "ay";

        protected override DBusValue Convert(string type) => type == "ay" ? DBusValue.Of(Value) : throw Unlike(type);

        public override string ToString() => "a bytestring";
    }

    internal sealed record List(string? Given, IReadOnlyList<VariantNode> Items) : VariantNode(Given)
    {
        protected override string? Infer() =>
            (Items.FirstOrDefault(item => item.Given is not null) ?? Items.FirstOrDefault(item => item.Infer() is not null))?.TypeOf() is { } element ? "a" + element : null;

        protected override DBusValue Convert(string type) => type.Length > 1 && type[0] == 'a' && type[1] != '{'
            ? new DBusValue.Array(type[1..], Items.Select(item => item.As(type[1..])).ToList()) : throw Unlike(type);

        public override string ToString() => "an array";
    }

    internal sealed record Dictionary(string? Given, IReadOnlyList<(VariantNode Key, VariantNode Value)> Entries) : VariantNode(Given)
    {
        protected override string? Infer() =>
            new List(null, Entries.Select(entry => entry.Key).ToList()).TypeOf() is { } keys && new List(null, Entries.Select(entry => entry.Value).ToList()).TypeOf() is { } values
                ? $"a{{{keys[1..]}{values[1..]}}}" : null;

        protected override DBusValue Convert(string type)
        {
            if (type.Length < 5 || type[0] != 'a' || type[1] != '{' || type[^1] != '}')
                throw Unlike(type);
            return new DBusValue.Array(type[1..], Entries.Select(entry => (DBusValue)new DBusValue.Entry(entry.Key.As(type[2..3]), entry.Value.As(type[3..^1]))).ToList());
        }

        public override string ToString() => "a dictionary";
    }

    internal sealed record Variant(string? Given, VariantNode Inner) : VariantNode(Given)
    {
        protected override string Infer() => "v";

        protected override DBusValue Convert(string type) => type == "v"
            ? new DBusValue.Variant(Inner.As(Inner.TypeOf() ?? throw NaruException.Invalid("can't infer the type of a variant"))) : throw Unlike(type);

        public override string ToString() => "a variant";
    }
}

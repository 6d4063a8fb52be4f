using System.Globalization;

namespace Naru.Base.Units;

/// <summary>Numbers as Go's fmt prints them.</summary>
public static class GoNumber
{
    /// <summary>%.{digits}g: that many significant digits, no trailing zeros, an exponent when it is -5 or less or not below the digits.</summary>
    public static string General(double value, int digits)
    {
        if (value == 0)
            return "0";
        var scientific = value.ToString("E" + (digits - 1).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        var mark = scientific.IndexOf('E');
        var exponent = int.Parse(scientific.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        if (exponent < -4 || exponent >= digits)
        {
            var mantissa = Trim(scientific[..mark]);
            return $"{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
        }

        return Trim(value.ToString("F" + Math.Max(0, digits - 1 - exponent).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));
    }

    private static string Trim(string number) => number.Contains('.') ? number.TrimEnd('0').TrimEnd('.') : number;
}

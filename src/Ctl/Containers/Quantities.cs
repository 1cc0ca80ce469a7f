using System.Globalization;
using ShimStack.Ctl.Commands;
using ShimStack.Native.Processes;

namespace ShimStack.Ctl.Containers;

/// <summary>Sizes, numbers and signals as they are typed.</summary>
internal static class Quantities
{
    private const string Units = "bkmgt";

    /// <summary>"64m" is 64 MiB; without a letter it is bytes.</summary>
    public static long Bytes(string option, string text)
    {
        string digits = text.Length > 0 && char.IsAsciiLetter(text[^1]) ? text[..^1] : text;
        int unit = digits.Length == text.Length ? 0 : Units.IndexOf(char.ToLowerInvariant(text[^1]), StringComparison.Ordinal);
        bool good = unit >= 0 & long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long number);
        return good && number > 0 && number <= long.MaxValue >> (10 * unit)
            ? number << (10 * unit)
            : throw CtlException.Usage($"{option} {text}: not a size; say for instance 64m or 2g");
    }

    /// <summary>"0.5" is half a processor.</summary>
    public static double Processors(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && number is >= 0.01 and <= 100_000
            ? number
            : throw CtlException.Usage($"--cpus {text}: not a number of processors; say for instance 0.5 or 2");

    /// <summary>"TERM", "SIGTERM", "sigterm" or 15. See signal(7).</summary>
    public static uint Signal(string text)
    {
        if (uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint number) && number is > 0 and <= 64)
        {
            return number;
        }

        string name = text.StartsWith("SIG", StringComparison.OrdinalIgnoreCase) ? text : "SIG" + text;
        return Enum.TryParse(name, ignoreCase: true, out Signal signal)
            ? (uint)signal
            : throw CtlException.Usage($"signal {text} is not known; say for instance TERM, SIGKILL or 9");
    }
}

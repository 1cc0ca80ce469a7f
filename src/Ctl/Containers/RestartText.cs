using System.Globalization;
using ShimStack.Ctl.Commands;

namespace ShimStack.Ctl.Containers;

/// <summary>A restart policy as it is typed.</summary>
internal static class RestartText
{
    private const string OnFailure = "on-failure";

    /// <exception cref="CtlException">It is none.</exception>
    public static string Parse(string text)
    {
        bool good = text is RestartLabels.No or "always" or "unless-stopped" or OnFailure
            || (text.StartsWith(OnFailure + ":", StringComparison.Ordinal)
                && int.TryParse(text.AsSpan(OnFailure.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _));
        return good ? text : throw CtlException.Usage($"--restart {text}: not a policy; say no, on-failure, on-failure:3, always or unless-stopped");
    }
}

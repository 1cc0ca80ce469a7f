using System.Text;
using System.Text.RegularExpressions;
using ShimStack.Ttrpc;

namespace ShimStack.Supervisor.Hosting;

/// <summary>
/// containerd's rule for ids and namespaces: ASCII letters and digits, in groups separated by single dots, underscores or dashes. No such name can
/// leave a directory, so everything that becomes part of a path is checked here first.
/// </summary>
internal static partial class Identifier
{
    /// <summary>The longest identifier, in bytes.</summary>
    public const int MaxLength = 76;

    /// <summary>Passes a valid identifier.</summary>
    /// <param name="subject">What it names, for the message.</param>
    /// <param name="value">The identifier.</param>
    /// <exception cref="RpcException">InvalidArgument, with containerd's words.</exception>
    public static void Require(string subject, string value)
    {
        if (Fault(value) is string fault)
        {
            throw RpcException.InvalidArgument($"{subject}: {fault}: invalid argument");
        }
    }

    /// <summary>What is wrong with <paramref name="value"/>, in containerd's words; null if nothing is.</summary>
    public static string? Fault(string value)
    {
        if (value.Length == 0)
        {
            return "identifier must not be empty";
        }

        if (Encoding.UTF8.GetByteCount(value) > MaxLength)
        {
            return $"identifier \"{value}\" greater than maximum length ({MaxLength} characters)";
        }

        return Pattern().IsMatch(value) ? null : $"identifier \"{value}\" must match {PatternText}";
    }

    private const string PatternText = "^[A-Za-z0-9]+(?:[._-](?:[A-Za-z0-9]+))*$";

    [GeneratedRegex(@"\A[A-Za-z0-9]+(?:[._-](?:[A-Za-z0-9]+))*\z")]
    private static partial Regex Pattern();
}

namespace ShimStack.Ctl.Views;

/// <summary>One fact and what each of the three says of it: null where it does not know, or was not seen.</summary>
/// <param name="Name">Of the fact.</param>
/// <param name="Daemon">The daemon's word.</param>
/// <param name="Shim">The shim's.</param>
/// <param name="Kernel">The kernel's.</param>
/// <param name="Differs">Those who know must say the same, and do not.</param>
internal sealed record ViewRow(string Name, string? Daemon, string? Shim, string? Kernel, bool Differs = false)
{
    /// <summary>A fact on which all who know it must agree.</summary>
    public static ViewRow Same(string name, string? daemon, string? shim, string? kernel) =>
        new(name, daemon, shim, kernel, ((string?[])[daemon, shim, kernel]).OfType<string>().Distinct().Count() > 1);
}

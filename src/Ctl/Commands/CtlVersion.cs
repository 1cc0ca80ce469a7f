namespace ShimStack.Ctl.Commands;

/// <summary>Which build this is.</summary>
internal static class CtlVersion
{
    public static string Text => typeof(CtlVersion).Assembly.GetName().Version?.ToString(3) ?? "";
}

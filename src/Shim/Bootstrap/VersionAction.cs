namespace ShimStack.Shim.Bootstrap;

/// <summary>The answer to <c>-v</c>.</summary>
internal static class VersionAction
{
    /// <summary>Five lines in the form of the reference, with .NET in the place of Go.</summary>
    /// <param name="program">The program as it was called.</param>
    public static string Text(string program) => $"""
        {program[(program.LastIndexOf('/') + 1)..]}:
          Version:  {ShimVersion.Text}
          Revision: {ShimVersion.Revision}
          .NET version: {Environment.Version}


        """;
}

namespace ShimStack.Ctl.Doctor;

/// <summary>Looks at one thing of a machine, and changes nothing.</summary>
internal interface ICheck
{
    /// <summary>What it looks at, in a word or two.</summary>
    string Name { get; }

    Finding Look(Patient patient);
}

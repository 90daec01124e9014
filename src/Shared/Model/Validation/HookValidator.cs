// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Model;

/// <summary>The part of <see cref="SpecValidator"/> that concerns hooks.</summary>
internal static class HookValidator
{
    private const int WordCharactersMax = 32_768;

    public static void Check(ErrorList errors, ServiceSpec spec)
    {
        Check(errors, spec, HookKind.PreDeploy);
        Check(errors, spec, HookKind.PostDeploy);
    }

    private static void Check(ErrorList errors, ServiceSpec spec, HookKind kind)
    {
        if (spec.Update.HookOf(kind) is not { } hook) return;
        var field = $"update.{HookSlot.Word(kind)}";
        if (hook.Command.IsDefaultOrEmpty || hook.Command.Length > SpecValidator.ElementsMax || hook.Command[0].Length == 0)
            errors.Add(field + ".command", hook.Command.IsDefault ? 0 : hook.Command.Length,
                $"a command of 1 to {SpecValidator.ElementsMax} words");
        else if (hook.Command.Any(word => word.Length > WordCharactersMax || word.Contains('\0', StringComparison.Ordinal)))
            errors.Add(field + ".command", hook.Command[0], $"words of at most {WordCharactersMax} characters without NUL");
        errors.Range(field + ".timeout", hook.Timeout, HookSpec.TimeoutMin, HookSpec.TimeoutMax);
        var volume = spec.Container.Mounts.FirstOrDefault(mount => mount is { Kind: MountKind.Volume, Source: not null });
        if (volume is not null)
            errors.Add(field, volume.Source!,
                "no hook: the service's replica holds this volume, and two must not write to one named volume");
    }
}

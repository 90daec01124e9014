// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Simulation.Core;

namespace ClusterManager.Simulation.Docker;

/// <summary>
/// A tag of the registry that comes to mean other images, good and bad ones and some for a second time, and a registry that is away for
/// a while.
/// </summary>
internal sealed class MovingTags
{
    /// <summary>The tag.</summary>
    public const string Image = "registry.test/app:moving";

    private const int FirstVersion = 100_000;
    private static readonly TimeSpan Mean = TimeSpan.FromSeconds(40);
    private static readonly ImageBehaviour[] Bad =
        [ImageBehaviour.Crash, ImageBehaviour.NoStart, ImageBehaviour.Sick, ImageBehaviour.Shaky];

    private readonly List<string> _targets = [SimulatedRegistry.NameOf(ImageBehaviour.Good, FirstVersion)];
    private readonly SeededStream _chance;
    private readonly Timeline _timeline;
    private readonly Action<string> _tell;
    private bool _isOver;

    /// <summary>A registry of one run.</summary>
    public MovingTags(Timeline timeline, ulong seed, Action<string> tell)
    {
        (_timeline, _tell, _chance) = (timeline, tell, new SeededStream(seed, "tags"));
        timeline.After(TimeSpan.FromSeconds(20), Next);
    }

    /// <summary>The registry does not answer managers.</summary>
    public bool IsAway { get; private set; }

    /// <summary>The tag means a good image and no other from now on.</summary>
    public void Stop()
    {
        _isOver = true;
        IsAway = false;
        Move(SimulatedRegistry.NameOf(ImageBehaviour.Good, FirstVersion + _targets.Count));
    }

    /// <summary>What a reference means now.</summary>
    public string TargetOf(string reference) => reference == Image ? _targets[^1] : reference;

    private void Next()
    {
        if (_isOver) return;
        IsAway = _chance.Chance(0.2);
        var version = FirstVersion + _targets.Count;
        Move(_chance.Below(10) switch
        {
            < 5 => SimulatedRegistry.NameOf(ImageBehaviour.Good, version),
            < 8 => SimulatedRegistry.NameOf(_chance.Pick(Bad), version),
            _ => _chance.Pick(_targets),
        });
        _timeline.After(_chance.Exponential(Mean), Next);
    }

    private void Move(string target)
    {
        _targets.Add(target);
        _tell($"{Image} means {target}{(IsAway ? ", and nobody can ask" : "")}");
    }
}

// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Wire;

/// <summary><see cref="TrackPolicy"/> to and from the wire. Where nothing is set nothing is written, so that no hash changes.</summary>
internal static class TrackMapping
{
    public static V1.TrackPolicy? ToWire(this TrackPolicy track) => track == TrackPolicy.None ? null : new V1.TrackPolicy
    {
        Kind = (V1.TrackKind)track.Kind, Range = track.Range, Via = (V1.TrackVia)track.Via,
        IntervalMs = SpecMapping.Milliseconds(track.Interval),
    };

    public static TrackPolicy ToModel(this V1.TrackPolicy? wire) => wire is null ? TrackPolicy.None : new TrackPolicy
    {
        Kind = wire.Kind == V1.TrackKind.Unspecified ? TrackKind.None : (TrackKind)wire.Kind,
        Range = wire.Range,
        Via = wire.Via == V1.TrackVia.Unspecified ? TrackVia.Poll : (TrackVia)wire.Via,
        Interval = wire.IntervalMs == 0 ? TrackPolicy.None.Interval : SpecMapping.Span(wire.IntervalMs),
    };
}

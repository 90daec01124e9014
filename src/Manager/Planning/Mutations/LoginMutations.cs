// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.State;

namespace ClusterManager.Manager.Planning.Mutations;

/// <summary>Credentials of registries, sealed before they came here.</summary>
internal static class LoginMutations
{
    public static MutationResult Put(Turn turn, ClusterEvent.PutLogin put)
    {
        var login = put.Login;
        var isNew = !turn.State.Logins.ContainsKey(login.Registry);
        if (isNew && turn.State.Logins.Count >= EngineLimits.Logins)
            return Refusals.Invalid($"there are {EngineLimits.Logins} credentials of registries, as many as there may be");
        turn.State = turn.State with { Logins = turn.State.Logins.SetItem(login.Registry, login) };
        turn.Budget.Put(new StateChange.PutLogin(login), SizeEstimate.Of(login));
        return Refusals.Accepted(new RequestOutcome { Text = login.Registry });
    }

    public static MutationResult Remove(Turn turn, ClusterEvent.RemoveLogin remove)
    {
        if (!turn.State.Logins.ContainsKey(remove.Registry))
            return Refusals.NotFound("credential for registry", remove.Registry, turn.State.Logins.Keys);
        turn.State = turn.State with { Logins = turn.State.Logins.Remove(remove.Registry) };
        turn.Budget.Put(new StateChange.DeleteLogin(remove.Registry), 0);
        return Refusals.Accepted(new RequestOutcome { Text = remove.Registry });
    }
}

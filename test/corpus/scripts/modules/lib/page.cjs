const helper = { twice: (value) => value * 2 }
module.exports = helper
